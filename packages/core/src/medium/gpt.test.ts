import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gptBytes, type GptDisk } from './gpt.ts';

const folder = mkdtempSync(join(tmpdir(), 'livesys-gpt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DISK: GptDisk = {
  guid: '7f3c09d1-aaaa-4bbb-8ccc-0123456789ab',
  sectors: 8192,
  active: false,
  partitions: [
    {
      number: 1,
      type: '21686148-6449-6E6F-744E-656564454649',
      guid: '11111111-2222-3333-4444-555555555555',
      name: '',
      first: 2048,
      last: 4095,
    },
    {
      number: 4,
      type: '4C495645-5359-5344-4154-410A7B3D5E91',
      guid: '4c495645-0000-0000-0000-000000000004',
      name: 'LIVESYS-DATA',
      first: 4096,
      last: 6143,
    },
  ],
};

/** What sfdisk says of a disk with this table. */
function sfdisk(disk: GptDisk, ...argv: readonly string[]): string {
  const image = join(folder, 'image');
  const file = openSync(image, 'w');
  ftruncateSync(file, disk.sectors * 512);
  for (const { at, bytes } of gptBytes(disk)) writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  const { stdout, stderr, error } = spawnSync('sfdisk', [...argv, image], {
    encoding: 'utf8',
    env,
  });
  if (error !== undefined) throw new Error('sfdisk is missing: apt-get install fdisk');
  return `${stdout}${stderr}`.replaceAll(image, 'image');
}

describe('gptBytes', () => {
  it('makes a table without a fault', () => {
    expect(sfdisk(DISK, '--verify')).toContain('No errors detected');
  });

  it('says what other tools would say', () => {
    const said = JSON.parse(sfdisk(DISK, '--json')) as { partitiontable: object };
    expect(said.partitiontable).toMatchObject({
      label: 'gpt',
      id: '7F3C09D1-AAAA-4BBB-8CCC-0123456789AB',
      firstlba: 34,
      lastlba: 8158,
      partitions: [
        { node: 'image1', start: 2048, size: 2048, uuid: '11111111-2222-3333-4444-555555555555' },
        {
          node: 'image4',
          start: 4096,
          size: 2048,
          type: '4C495645-5359-5344-4154-410A7B3D5E91',
          name: 'LIVESYS-DATA',
        },
      ],
    });
  });

  it('writes what sfdisk itself writes', () => {
    const image = join(folder, 'other');
    const script = `label: gpt
label-id: ${DISK.guid}
first-lba: 34
${DISK.partitions
  .map(
    ({ number, first, last, type, guid, name }) =>
      `${number} : start=${first}, size=${last - first + 1}, type=${type}, uuid=${guid}${name === '' ? '' : `, name="${name}"`}`,
  )
  .join('\n')}
`;
    spawnSync(
      'sh',
      ['-c', 'truncate -s 4M "$1" && PATH=$PATH:/usr/sbin sfdisk -q "$1"', '-', image],
      {
        input: script,
      },
    );
    sfdisk(DISK, '--verify');
    const { stdout } = spawnSync('cmp', ['-l', image, join(folder, 'image')], { encoding: 'utf8' });
    // The end of the protective entry in cylinders, heads and sectors, which nothing reads.
    const differences = stdout.trim().split('\n').filter(Boolean);
    expect(differences.map((line) => Number(line.trim().split(/\s+/)[0]))).toEqual([]);
  });

  it('marks the protective entry as active when a BIOS is to start from it', () => {
    const [mbr] = gptBytes({ ...DISK, active: true });
    expect(mbr?.at).toBe(446);
    expect(mbr?.bytes[0]).toBe(0x80);
    expect([...(mbr?.bytes.slice(-2) ?? [])]).toEqual([0x55, 0xaa]);
  });
});
