import { spawnSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';

import { quoteArgument } from '../../../packages/cli/src/text/quote.ts';
import { runInPrivateKernel } from './private-kernel.ts';

/** With what a shell, cryptsetup or a terminal could trip over. */
export const PASSPHRASE = String.raw`correct  horse $HOME \n 'battery' ü`;

/** What Debian 12 has as modules of encryption, behind those of device-mapper, in the order of need. */
export const ENCRYPTION_MODULES = [
  ...[
    'crypto/cbc',
    'crypto/ecb',
    'security/keys/encrypted-keys/encrypted-keys',
    'drivers/md/dm-crypt',
  ],
  ...['crypto/xts', 'crypto/af_alg', 'crypto/algif_skcipher'],
];

/** The quickest way from a passphrase to a key: tests have nothing to hide. */
const QUICK = ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'];

/** An empty LUKS volume in a file, without device-mapper. Gives its path. */
export function makeLuks(
  file: string,
  mebibytes: number,
  type: 'luks1' | 'luks2' = 'luks2',
  options: readonly string[] = QUICK,
): string {
  rmSync(file, { force: true });
  writeFileSync(file, '');
  truncateSync(file, mebibytes * 2 ** 20);
  const format = ['luksFormat', '--batch-mode', '--type', type, ...options, '--key-file=-', file];
  const [program, argv] = ['cryptsetup', format] as const;
  const { status, stderr } = spawnSync(program, argv, { input: PASSPHRASE, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cryptsetup: ${stderr}`);
  return file;
}

/** Shell commands that open a volume of these tests and do something with /dev/mapper/test. */
export function whileOpen(device: string, flags: string, commands: string): string {
  return `
    printf %s ${quoteArgument(PASSPHRASE)} |
      DM_DISABLE_UDEV=1 cryptsetup open ${flags} --type luks --key-file=- ${device} test
    ${commands}
    DM_DISABLE_UDEV=1 cryptsetup close test`;
}

/** Runs commands on /dev/mapper/test, which is what is in a volume, in a kernel of its own. */
export async function insideVolume(
  folder: string,
  volume: string,
  flags: string,
  commands: string,
): Promise<void> {
  const modules = ['drivers/md/dm-mod', ...ENCRYPTION_MODULES];
  const load = modules.map((name) => `busybox insmod $m/${name}.ko\n`).join('');
  const script = `m=/usr/lib/uml/modules/$(uname -r)/kernel\n${load}${whileOpen('/dev/ubdb', flags, commands)}`;
  await runInPrivateKernel({ folder, script, drives: [volume], minutes: 5 });
}
