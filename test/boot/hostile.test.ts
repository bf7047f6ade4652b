import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { type Case, type CaseResult, runCases } from './support/cases/cases.ts';
import { makeFileSystem, makeMedium, sealManifest } from './support/cases/medium.ts';
import { LOAD_SCSI_DISK } from './support/cases/scsi-disk.ts';
import { type Decoys, makeDecoys } from './support/decoy.ts';

// What a stick or a boot menu of somebody else can do to the boot code. The manifests are sealed by
// the right hash, so that it is never the hash that saves us.

const CANARY = '/run/case/canary';
/** Where the simulated disk has read errors, in bytes from its start. */
const BAD_SECTOR = 0x1234 * 512;

/** Bad manifests: the line that takes the place of another, or the whole text. */
const MANIFESTS: Readonly<
  Record<string, (lines: readonly string[]) => string | Buffer | readonly string[]>
> = {
  'a command in a layer name': (lines) => swap(lines, /^layer b /, `layer $(touch$IFS${CANARY}) `),
  'backticks in a profile': (lines) =>
    swap(lines, /^profile all /, `profile \`touch\t${CANARY}\` `),
  'a command in the image': (lines) => swap(lines, /^image .*/, `image $(touch ${CANARY})`),
  'a command of its own': (lines) => [...lines, `; touch ${CANARY}`],
  'a path upwards': (lines) => swap(lines, /layers\/b-/, 'layers/../../../etc/b-'),
  'an absolute path': (lines) => swap(lines, /layers\/b-/, '/etc/b-'),
  'a path upwards for changes': (lines) => [...lines, 'persist all dir ../../etc optional'],
  'a layer named like a folder': (lines) => swap(lines, /^layer b /, 'layer .. '),
  'a pattern as profile': (lines) => [...lines, 'profile * - b'],
  'a NUL': (lines) => swap(lines, /^profile all/, 'profile a\0l'),
  'line ends of another system': (lines) => lines.map((line) => `${line}\r`),
  'a line of 1 MB': (lines) => [...lines, `x-note ${'a'.repeat(2 ** 20)}`],
  'bytes beyond ASCII': (lines) => [...lines, 'x-note \u00e4'],
  'no end': (lines) => Buffer.from(`${lines.join('\n')}\n`),
  'another version': (lines) => swap(lines, /^livesys 1/, 'livesys 2'),
  nothing: () => Buffer.alloc(0),
};

/** Kernel arguments that nobody should write, and what becomes of them. */
const ARGUMENTS: Readonly<Record<string, readonly [string, RegExp]>> = {
  'empty values': [
    'livesys.profile= livesys.medium= livesys.timeout= livesys.verify= livesys.overlay-size= livesys.iso=',
    /READY profile=all/,
  ],
  'the same name twice': ['livesys.profile=none livesys.profile=all', /READY profile=all/],
  'quotes around words': ['livesys.profile="all" "livesys.verify=full"', /READY profile=all/],
  'a quote that never ends': ['livesys.profile="all', /READY profile=all/],
  'a command': [`livesys.profile=$(touch\${IFS}${CANARY})`, /FAIL code=E10/],
  'backticks and a semicolon': [`livesys.medium=\`touch\`;touch"${CANARY}"`, /FAIL code=E10/],
  'a pattern': ['livesys.profile=* livesys.*=1', /FAIL code=E10/],
  'a word of 2 KB': [`livesys.profile=${'a'.repeat(2048)}`, /FAIL code=E10/],
  'a note of 2 KB': [`note="${'b '.repeat(1024)}"`, /READY profile=all/],
  'a number beyond all bounds': ['livesys.timeout=99999999999999999999', /FAIL code=E10/],
  'a path upwards': ['livesys.medium=/dev/../etc/passwd', /FAIL code=E20/],
  'an unknown word': ['livesys.profil=all', /not known; did you mean livesys\.profile\?/],
};

let folder = '';
let decoys: Decoys;
let disks: Record<string, string> = {};
let results: Record<string, CaseResult> = {};

function swap(lines: readonly string[], what: RegExp, by: string): string[] {
  const changed = lines.map((line) => line.replace(what, () => by));
  if (changed.join() === lines.join()) throw new Error(`${String(what)} is not in the manifest`);
  return changed;
}

holdBudget('hostile', 4, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-hostile-'));
  const at = (name: string): string => join(folder, name);
  const layers = [{ name: 'a' }, { name: 'b' }];
  const lines = makeMedium(at('medium'), { layers, profiles: { all: ['a', 'b'] } });
  mkdirSync(at('manifests'));
  for (const [name, change] of Object.entries(MANIFESTS)) {
    const changed = change(lines);
    const text = Array.isArray(changed) ? sealManifest(changed as string[]) : changed;
    writeFileSync(at(`manifests/${fileName(name)}`), text as string | Buffer, 'latin1');
  }
  makeMedium(at('large'), {
    layers: [{ name: 'a' }, { name: 'b', files: { noise: randomBytes(4 * 2 ** 20) } }],
  });
  decoys = await makeDecoys(folder);
  disks = {
    medium: makeFileSystem(at('medium.img'), 'ext4', at('medium')),
    large: makeFileSystem(at('large.img'), 'iso9660', at('large')),
    ...decoys.files,
  };
});
beforeAll(async () => {
  results = await runCases(folder, disks, {
    ...manifestCases(),
    ...Object.fromEntries(
      Object.entries(ARGUMENTS).map(([name, [words]], index) => [
        `argument: ${name}`,
        { sees: ['medium'], arguments: words, shell: SHELLS[index % SHELLS.length] ?? '' },
      ]),
    ),
    ...moduleCases(),
    ...layerCases(),
    ...readErrorCases(),
    decoys: { sees: [...Object.keys(decoys.files), 'large'], after: 'cat /proc/swaps; dmsetup ls' },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHELLS = ['dash', 'busybox sh', 'bash --posix', 'mksh'];
const fileName = (name: string) => name.replaceAll(' ', '-');
/** Does something to the medium. */
const change = (script: string) =>
  `mkdir medium; mount $medium medium; cd medium/livesys; ${script}; cd ../..; umount medium`;

function manifestCases(): Record<string, Case> {
  const from = join(folder, 'manifests');
  const cases = Object.keys(MANIFESTS).map(
    (name, index) =>
      [
        `manifest: ${name}`,
        {
          sees: ['medium'],
          shell: SHELLS[index % SHELLS.length] ?? '',
          before: change(
            `[ -e keep ] || mv manifest keep; cp '${from}/${fileName(name)}' manifest`,
          ),
        },
      ] as const,
  );
  const restore = 'rm -rf manifest; [ ! -e keep ] || mv keep manifest';
  return {
    ...Object.fromEntries(cases),
    'manifest: a link': {
      sees: ['medium'],
      before: change(`${restore}; mv manifest keep; ln -s /dev/zero manifest`),
    },
    'manifest: a pipe': {
      sees: ['medium'],
      before: change(`${restore}; mv manifest keep; mknod manifest p`),
    },
    'manifest: restored': { sees: ['medium'], before: change(restore) },
  };
}

function layerCases(): Record<string, Case> {
  const file = 'file=$(sed -n "s/^layer b \\([^ ]*\\).*/\\1/p" manifest)';
  const steps = {
    'a link': 'mv $file keep; ln -s /etc/passwd $file',
    'a folder': 'rm $file; mkdir $file',
    empty: 'rmdir $file; : >$file',
    cut: 'head -c 1000 keep >$file',
    'the folder a link': 'mv keep $file; mv layers elsewhere; ln -s elsewhere layers',
    restored: 'rm layers; mv elsewhere layers',
  };
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [
      `layer: ${name}`,
      { sees: ['medium'], before: change(`${file}; ${step}`) },
    ]),
  );
}

function moduleCases(): Record<string, Case> {
  const without = (module: string): Case => ({
    sees: ['medium'],
    before: `busybox rmmod ${module}`,
  });
  return {
    'without overlay': without('overlay'),
    'without squashfs': without('squashfs'),
    'without loop': without('loop'),
  };
}

/** A disk of the kernel's own that can be told to fail. */
function readErrorCases(): Record<string, Case> {
  const before = `
    ${LOAD_SCSI_DISK}
    dd if=$large of=/dev/sda bs=1M conv=fsync 2>/dev/null
    echo 3 >/proc/sys/vm/drop_caches
    echo 2 >/sys/bus/pseudo/drivers/scsi_debug/opts`;
  const after = `
    cat sysroot/noise >/dev/null 2>&1 && echo noise=read || echo noise=error
    cat sysroot/top >/dev/null && echo top=read
    umount -R sysroot run/initramfs/livesys/*/* run/initramfs/livesys/* 2>/dev/null
    busybox rmmod scsi_debug && echo removed=yes`;
  return {
    'read error while hashing': {
      sees: ['sda'],
      arguments: 'livesys.verify=full',
      before,
      after,
    },
    'read error while copying': { sees: ['sda'], arguments: 'toram', before, after },
    'read error in a file': { sees: ['sda'], arguments: 'livesys.verify=no', before, after },
  };
}

function result(name: string, stderr = ''): CaseResult {
  const found = results[name];
  if (!found) throw new Error(`no case ${name}`);
  expect({ stderr: found.stderr, canary: found.canary }).toEqual({ stderr, canary: false });
  return found;
}

describe('a hostile manifest', () => {
  it.each(Object.keys(MANIFESTS))('with %s is refused, and nothing is executed', (name) => {
    const { status, said } = result(`manifest: ${name}`);
    expect(status).toBe(1);
    expect(said).toMatch(/FAIL code=E30 /);
    expect(said.length).toBeLessThan(4000);
  });

  it('that is a link or a pipe is not read', () => {
    expect(result('manifest: a link').said).toMatch(/FAIL code=E20 [^]*symbolic link/);
    expect(result('manifest: a pipe').said).toMatch(/FAIL code=E20 [^]*no \/livesys\/manifest/);
    expect(result('manifest: restored').status).toBe(0);
  });
});

describe('a layer', () => {
  it.each([
    ['a link', /layer b: layers\/b-\w{16}\.squashfs is a symbolic link/],
    ['a folder', /layer b: layers\/b-\w{16}\.squashfs is missing/],
    ['empty', /layer b: layers\/b-\w{16}\.squashfs has 0 bytes instead of \d+/],
    ['cut', /layer b: layers\/b-\w{16}\.squashfs has 1000 bytes instead of \d+/],
    ['the folder a link', /the folder layers on the medium is a symbolic link/],
  ])('that is %s is refused', (name, reason) => {
    const { status, said } = result(`layer: ${name}`);
    expect(status).toBe(1);
    expect(said).toMatch(/FAIL code=E33 /);
    expect(said).toMatch(reason);
    expect(result('layer: restored').status).toBe(0);
  });
});

describe('kernel arguments', () => {
  it.each(Object.entries(ARGUMENTS).map(([name, [, outcome]]) => [name, outcome] as const))(
    'with %s have a defined outcome',
    (name, outcome) => {
      expect(result(`argument: ${name}`).said).toMatch(outcome);
    },
  );
});

describe('a boot image', () => {
  it.each([
    ['overlay', 'E50'],
    ['squashfs', 'E35'],
    ['loop', 'E35'],
  ])('without the module %s names it', (module, code) => {
    const { status, said } = result(`without ${module}`);
    expect(status).toBe(1);
    expect(said).toMatch(new RegExp(`FAIL code=${code} [^]*kernel module ${module} is missing`));
  });
});

describe('read errors of the medium', () => {
  it('while hashing name the layer and the device', () => {
    const { status, said, facts } = result('read error while hashing');
    expect(status).toBe(1);
    expect(said).toMatch(/FAIL code=E23 [^]*layer b: .* on \/dev\/sda cannot be read/);
    expect(said).toContain('next: The medium has read errors');
    expect(facts['removed']).toBe('yes');
  });

  it('while copying to memory name the layer and the device', () => {
    const { status, said, facts } = result('read error while copying');
    expect(status).toBe(1);
    expect(said).toMatch(/FAIL code=E23 [^]*layers on \/dev\/sda cannot be copied:[^]*b-\w{16}/);
    expect(facts['removed']).toBe('yes');
  });

  it('in a file that is read later leave the others alone', () => {
    const { facts, said } = result('read error in a file');
    expect(said).toContain('READY');
    expect(facts).toMatchObject({ noise: 'error', top: 'read', removed: 'yes' });
    expect(BAD_SECTOR).toBeLessThan(4 * 2 ** 20);
  });
});

it('disks of others are named, not opened and not changed', async () => {
  const { status, said, facts } = result('decoys');
  expect(status).toBe(0);
  expect(Object.keys(facts)).toEqual([]);
  expect(said).not.toContain('E21');
  expect(await decoys.changed()).toEqual([]);
});
