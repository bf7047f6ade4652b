import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type Case, type CaseResult, runCases } from './support/cases/cases.ts';
import { makeFileSystem, makeMedium } from './support/cases/medium.ts';

// The kernel of this machine may have no device-mapper; the private one has.

const SHELL_CODE = fileURLToPath(new URL('../../packages/runtime/shell', import.meta.url));
const LIBRARY = `${SHELL_CODE}/lib`;
const SHELLS = ['dash', 'busybox sh', 'bash --posix', 'mksh'];
const MANY = 40;

const look = (noise: string) => `
  echo "top=$(cat sysroot/top)"
  cmp sysroot/noise ${noise} && echo noise=whole || echo noise=not
  cat sysroot/noise >/dev/null 2>&1 && echo read=yes || echo read=no
  head -c 100000 sysroot/noise | cmp -n 100000 - ${noise} && echo begin=whole
  cat sysroot/only/* && echo others=read
  echo "corrupted=$(dmesg | grep -c 'verity.*data block.*corrupted')"
  echo "devices=$(dmsetup ls | grep -c livesys-)"
  echo "status=$(LIVESYS_LIB=${LIBRARY} LIVESYS_CONTROL=${SHELL_CODE}/control LIVESYS_PREFIX=$root LIVESYS_PROC=/proc ${SHELL_CODE}/livesysctl status | sed -n 's/^ *layers *//p')"`;
/** What a start after a failed one does first. */
const RELEASE = `
  export LIVESYS_LIB=${LIBRARY} LIVESYS_PREFIX=$root LIVESYS_PROC=/proc LIVESYS_SYS=$root/sys
  (. ${LIBRARY}/lib.sh; livesys_set_paths; livesys_release_all)
  echo "left.devices=$(dmsetup ls | grep -c livesys-)"
  echo "left.loops=$(losetup --list --noheadings | wc -l)"
  echo "left.mounts=$(grep -c ' /run/case/run/' /proc/self/mountinfo)"`;
const WITHOUT_DM = 'for name in dm_verity dm_bufio dm_crypt dm_mod; do busybox rmmod $name; done';

let folder = '';
let disks: Record<string, string> = {};
let results: Record<string, CaseResult> = {};

holdBudget('verify', 3, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-verify-'));
  const at = (name: string): string => join(folder, name);
  const noise = randomBytes(3 * 2 ** 20);
  writeFileSync(at('noise'), noise);
  const large = { name: 'large', files: { noise } };
  const verity = true;
  makeMedium(at('sound'), {
    layers: [{ name: 'a' }, large, { name: 'c' }].map((layer) => ({ ...layer, verity })),
  });
  makeMedium(at('without'), { layers: [{ name: 'a' }, large] });
  const many = Array.from({ length: MANY }, (_, number) => ({ name: `l${number}`, verity }));
  makeMedium(at('many'), { layers: many });
  disks = {
    sound: makeFileSystem(at('sound.img'), 'iso9660', at('sound')),
    without: makeFileSystem(at('without.img'), 'iso9660', at('without')),
    many: makeFileSystem(at('many.img'), 'ext4', at('many')),
    // Data that cannot be compressed lies in a layer as it is.
    flipped: flip(at('sound.img'), noise.subarray(2 ** 21, 2 ** 21 + 64)),
    unmountable: flip(at('sound.img'), Buffer.from('hsqs'), 'unmountable'),
  };
});
beforeAll(async () => {
  const start = (disk: string, words: string, more: Partial<Case> = {}): Case => ({
    sees: [disk],
    arguments: words,
    after: `${look(join(folder, 'noise'))}\n${RELEASE}`,
    ...more,
  });
  results = await runCases(folder, disks, {
    ...Object.fromEntries(SHELLS.map((shell) => [shell, start('sound', '', { shell })])),
    many: start('many', ''),
    lazy: start('flipped', 'livesys.verify=lazy'),
    no: start('flipped', 'livesys.verify=no'),
    full: start('flipped', 'livesys.verify=full'),
    unmountable: start('unmountable', ''),
    'no trees': start('without', ''),
    'no trees, asked': start('without', 'livesys.verify=lazy'),
    'no driver': start('sound', '', { before: WITHOUT_DM }),
    'no driver, asked': start('sound', 'livesys.verify=lazy', { before: WITHOUT_DM }),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of an image with one bit of what is looked for being another one. */
function flip(image: string, what: Uint8Array, name = 'flipped'): string {
  const bytes = readFileSync(image);
  const place = bytes.indexOf(Buffer.from(what));
  if (place < 0 || bytes.includes(Buffer.from(what), place + 1) !== (name !== 'flipped'))
    throw new Error('what should be damaged is not there, or there twice');
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  const copy = join(folder, `${name}.img`);
  copyFileSync(image, copy);
  writeFileSync(copy, bytes);
  return copy;
}

function result(name: string): CaseResult {
  const found = results[name];
  if (!found) throw new Error(`no case ${name}`);
  expect({ said: found.stderr }).toEqual({ said: '' });
  return found;
}

function booted(name: string): CaseResult {
  const found = result(name);
  if (found.status !== 0) throw new Error(found.said);
  return found;
}

const CLEAN = { 'left.devices': '0', 'left.loops': '0', 'left.mounts': '0' };

describe('layers with hash trees', () => {
  it.each(SHELLS)('are checked by the kernel when nothing is said, under %s', (shell) => {
    const { state, facts, said } = booted(shell);
    expect(state['verify']).toBe('lazy');
    expect(facts).toMatchObject({ top: 'c', noise: 'whole', others: 'read', devices: '3' });
    expect(said).toContain('stage=layers result=ok');
    expect(Object.keys(state).filter((key) => key.startsWith('notice'))).toEqual([]);
  });

  it('are checked by the kernel however many there are', () => {
    const { state, facts } = booted('many');
    expect(state['verify']).toBe('lazy');
    expect(facts).toMatchObject({ top: `l${MANY - 1}`, devices: String(MANY) });
  });

  it.each([...SHELLS, 'many', 'lazy', 'no', 'no driver', 'unmountable'])(
    'leave no device behind, in case "%s"',
    (name) => {
      expect(result(name).facts).toMatchObject(CLEAN);
    },
  );
});

describe('one flipped bit of a file', () => {
  it('is an I/O error there and nowhere else when the kernel checks', () => {
    const { state, facts } = booted('lazy');
    expect(state['verify']).toBe('lazy');
    expect(facts).toMatchObject({ read: 'no', begin: 'whole', others: 'read', top: 'c' });
    expect(Number(facts['corrupted'])).toBeGreaterThan(0);
    expect(facts['status']).toMatch(/^a {2}large {2}c .+ verified as they are read, errors in 1$/);
  });

  it('is wrong data without a word when nothing is checked', () => {
    const { state, facts } = booted('no');
    expect(state['verify']).toBe('no');
    expect(facts).toMatchObject({ read: 'yes', noise: 'not', begin: 'whole' });
    expect(facts['status']).toMatch(/ not verified$/);
  });

  it('is found before anything is mounted when all is checked', () => {
    const { status, said } = result('full');
    expect(status).toBe(1);
    expect(said).toMatch(/FAIL code=E34 [^]*layer large: expected \w{64}, found \w{64}/);
    expect(said).not.toMatch(/layer [ac]:/);
  });

  it('at the beginning of a layer keeps it from being mounted', () => {
    const { status, said } = result('unmountable');
    expect(status).toBe(1);
    expect(said).toMatch(/FAIL code=E35 [^]*layer \w+: squashfs does not mount/);
  });
});

describe('where the kernel cannot check', () => {
  it.each(['no trees', 'no driver'])('nothing is said and it boots: %s', (name) => {
    const { state } = booted(name);
    expect(state['verify']).toBe('no');
    expect(Object.keys(state).filter((key) => key.startsWith('notice'))).toEqual([]);
  });

  it.each([
    ['no trees', /^livesys.verify=lazy is not possible, blocks are not checked: layer a has no/],
    ['no driver', /^livesys.verify=lazy is not possible, blocks are not checked: \S/],
  ])('who asked for it is told: %s', (name, notice) => {
    const { state } = booted(`${name}, asked`);
    expect(state['verify']).toBe('no');
    expect(state['notice_1']).toMatch(notice);
  });
});
