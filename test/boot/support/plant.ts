import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { HASH, PLANTED } from '../../namespace/support/planted.ts';
import { PLANTED_BLIND } from './planted-blind.ts';
import { OUTPUT, PERSON, type RunningMachine } from './running-machine.ts';

/** A machine that is in use has real ones of these. */
const REAL = ['/etc/machine-id', '/etc/ssh/ssh_host_ed25519_key', '/home/anna/.ssh/id_ed25519'];

/** What secrets are in a running machine: where they lie, and what to search for. */
export type Secrets = ReadonlyMap<string, string>;

/** Makes keys as programs do, and puts a secret at every place that is known, and at others. */
export async function plant(machine: RunningMachine): Promise<Secrets> {
  const planted = Object.entries(PLANTED)
    .filter(([path]) => !REAL.includes(path))
    .map(([path, text]) => [path.replace('/anna', `/${PERSON.name}`), text] as const);
  const blind = Object.entries(PLANTED_BLIND);
  const home = `/home/${PERSON.name}`;
  const made = await runPrinted(
    machine,
    `usermod --password '${HASH}' ${PERSON.name}
${[
  ...planted.map(([path, text]) => write(path, `${text}\n`, 0o600)),
  ...blind.map(([path, { content, mode }]) => write(path, content, mode)),
].join('\n')}
systemd-id128 new >/etc/machine-id
ssh-keygen -A >/dev/null
mkdir -p -m 700 ${home}/.ssh
ssh-keygen -q -t ed25519 -N '' -f ${home}/.ssh/id_ed25519
chown -R ${PERSON.name}: ${home}
cat /etc/machine-id
for key in /etc/ssh/ssh_host_ed25519_key ${home}/.ssh/id_ed25519; do sed -n 3p "$key"; done`,
  );
  const real = [...REAL, '/etc/shadow'].map((path) => path.replace('/anna', `/${PERSON.name}`));
  return new Map([
    ...real.map((path, index) => [path, [...made, HASH][index] ?? ''] as const),
    ...planted,
    ...blind.map(([path, { secret }]) => [path, secret] as const),
  ]);
}

/** Too long for an argument: it is read from a file. */
async function runPrinted(machine: RunningMachine, script: string): Promise<readonly string[]> {
  writeFileSync(join(machine.output, 'script'), script);
  const printed = await machine.shell(`sh -e ${OUTPUT}/script; rm ${OUTPUT}/script`);
  return printed.trim().split('\n');
}

function write(path: string, content: string, mode: number): string {
  const [folder, file] = [dirname(path), path].map((one) => `'${one}'`);
  const base64 = Buffer.from(content).toString('base64');
  return `mkdir -p ${folder}; echo ${base64} | base64 -d >${file}; chmod ${mode.toString(8)} ${file}`;
}

/** Which of the secrets lie anywhere in files, byte by byte: their places in the machine. */
export function search(secrets: Secrets, paths: readonly string[], scratch: string): string[] {
  const patterns = join(scratch, 'patterns');
  writeFileSync(patterns, [...secrets.values()].join('\n'));
  const argv = ['-raohF', '-f', patterns, '--', ...paths];
  const { status, stdout, stderr } = spawnSync('grep', argv, {
    ...{ encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' } },
  });
  if (status !== 0 && status !== 1) throw new Error(`grep: exit ${status}\n${stderr}`);
  const found = new Set(stdout.split('\n'));
  return [...secrets].filter(([, text]) => found.has(text)).map(([path]) => path);
}
