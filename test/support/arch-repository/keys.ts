import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/** The key that signs everything in a repository. Its secret never leaves the folder. */
export interface SigningKey {
  readonly home: string;
  readonly fingerprint: string;
}

/** Makes a key, or takes the one that is there. */
export function signingKey(home: string): SigningKey {
  if (!existsSync(home)) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const who = 'Repacked for tests <tests@example.org>';
    run(
      'gpg',
      '--homedir',
      home,
      '--batch',
      '--passphrase',
      '',
      '--quick-generate-key',
      who,
      'ed25519',
      'sign',
      'never',
    );
  }
  const listed = run('gpg', '--homedir', home, '--with-colons', '--list-keys');
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1];
  if (fingerprint === undefined) throw new Error(`no key in ${home}`);
  return { home, fingerprint };
}

/** Signs files, each beside itself. */
export function sign(key: SigningKey, files: readonly string[]): void {
  for (const file of files) {
    run(
      'gpg',
      '--homedir',
      key.home,
      '--batch',
      '--yes',
      '--detach-sign',
      '--output',
      `${file}.sig`,
      file,
    );
  }
}

/** The files of a keyring package: the key, that it is trusted, that none is revoked. Gives the folder. */
export function writeKeyring(key: SigningKey, folder: string): string {
  mkdirSync(folder, { recursive: true });
  run(
    'gpg',
    '--homedir',
    key.home,
    '--batch',
    '--yes',
    '--output',
    join(folder, 'archlinux.gpg'),
    '--export',
    key.fingerprint,
  );
  writeFileSync(join(folder, 'archlinux-trusted'), `${key.fingerprint}:4:\n`);
  writeFileSync(join(folder, 'archlinux-revoked'), '');
  return folder;
}

/** Ends what gpg started. */
export function closeKey(key: SigningKey): void {
  run('gpgconf', '--homedir', key.home, '--kill', 'all');
}
