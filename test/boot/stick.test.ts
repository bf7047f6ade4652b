import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { expectLive } from './support/expect-live.ts';
import { buildImage, runLivesys } from './support/image.ts';
import { keysTo } from './support/menu-keys.ts';
import { run } from './support/run.ts';
import { Stick } from './support/stick.ts';

// One stick through its life: each test is a session in another machine, after the one before it.

const LAYERS = ['base', 'probe', 'fixups'];
const OFFICE = { profile: 'office', layers: LAYERS };
const RESCUE = { profile: 'rescue', layers: LAYERS };
const KEPT = '/root/kept';
/** MiB: some more than the image has. */
const STICK = 560;
/** What the first session leaves, seen as `name=value`. */
const LOOK = `
  echo "kept=$(cat ${KEPT}/file 2>/dev/null)"
  echo "kept.mode=$(stat -c '%a %u:%g' ${KEPT}/file 2>/dev/null)"
  echo "kept.attributes=$(tar --xattrs --xattrs-include='*' -cf - ${KEPT} 2>/dev/null | grep -aoE 'SCHILY.xattr.[a-z.]+' | sort | tr '\\n' ' ')"
  echo "deleted=$([ -e /etc/debian_version ] || echo yes)"
  echo "renamed=$([ -e /usr/share/renamed/zoneinfo/UTC ] && [ ! -e /usr/share/zoneinfo ] && echo yes)"`;
const ALL_KEPT = {
  kept: 'first session',
  'kept.mode': '640 1000:1001',
  'kept.attributes': 'SCHILY.xattr.security.capability SCHILY.xattr.user.note ',
  deleted: 'yes',
  renamed: 'yes',
};
const NOTHING_KEPT = { kept: '', 'kept.mode': '', 'kept.attributes': '', deleted: '', renamed: '' };

let folder = '';
let image = '';
let stick: Stick;

holdBudget('stick', 15, async () => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-stick-'));
  image = buildImage('trixie', 'stick');
  await Promise.resolve();
});
beforeAll(async () => {
  stick = await Stick.write(image, folder, STICK);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files with owner, mode, attributes and capabilities, as an archive. */
function archive(): string {
  const script = `set -eu; mkdir -p tree${KEPT}; cd tree; echo 'first session' >.${KEPT}/file
    chown 1000:1001 .${KEPT}/file; chmod 640 .${KEPT}/file; setfattr -n user.note -v kept .${KEPT}/file
    cp /bin/true .${KEPT}/tool; setcap cap_net_raw+ep .${KEPT}/tool
    tar --xattrs --xattrs-include='*' -cf ../kept.tar .${KEPT}`;
  run(['sh', '-c', `cd '${folder}'; ${script}`]);
  return join(folder, 'kept.tar');
}

describe('a stick', () => {
  it('keeps changes of its default profile', async () => {
    const report = await stick.session({
      firmware: 'bios',
      job: {
        files: { 'kept.tar': archive() },
        script: `
          tar --xattrs --xattrs-include='*' -xf kept.tar -C /
          rm /etc/debian_version
          mkdir /usr/share/renamed
          mv /usr/share/zoneinfo /usr/share/renamed
          ${LOOK}
          livesysctl profile use rescue >/dev/null && echo used=rescue`,
      },
    });
    expectLive(report, { ...OFFICE, persistence: 'on' });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      ...ALL_KEPT,
      used: 'rescue',
      'state.profile_source': 'default',
      'state.unclean': 'no',
    });
  });

  it('boots the profile that the live system chose, which does not see these changes', async () => {
    const report = await stick.session({ firmware: 'bios', job: { script: LOOK } });
    expectLive(report, RESCUE);
    // The boot menu knew it too, and gave it the arguments of its own.
    expect(report.facts.get('cmdline')).toContain('test.profile=rescue');
    expect(Object.fromEntries(report.facts)).toMatchObject({
      ...NOTHING_KEPT,
      'state.profile_source': 'selection',
    });
  });

  it('boots the profile that another computer chose, with all that was kept', async () => {
    runLivesys('medium', stick.image, 'profile', 'use', 'office');
    const report = await stick.session({
      firmware: 'uefi',
      job: {
        script: `${LOOK}
          livesysctl persistence reset >/dev/null && echo asked=reset`,
      },
    });
    expectLive(report, { ...OFFICE, persistence: 'on' });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      ...ALL_KEPT,
      asked: 'reset',
      'state.profile_source': 'selection',
      'state.unclean': 'no',
    });
  });

  it('forgets when the boot menu says so', async () => {
    const report = await stick.session({
      firmware: 'bios',
      job: { script: `${LOOK}; mkdir -p ${KEPT}; echo forgotten >${KEPT}/file` },
      meanwhile: async (guest) => {
        await guest.waitFor(/without keeping changes/, 60);
        await guest.type(keysTo(2));
      },
    });
    expectLive(report, OFFICE);
    expect(Object.fromEntries(report.facts)).toMatchObject(NOTHING_KEPT);
  });

  it('begins anew after a reset, and goes off cleanly when it is full', async () => {
    const report = await stick.session({
      job: {
        script: `${LOOK}
          fallocate -l "$(df --output=avail --block-size=1M / | tail -n 1 | tr -d ' ')M" /root/full
          head -c 64M /dev/zero 2>full.error >/root/more
          echo "full=$(grep -o 'No space left' full.error)"`,
      },
    });
    expectLive(report, { ...OFFICE, persistence: 'on' });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      ...NOTHING_KEPT,
      full: 'No space left',
      'state.notice_1': 'the changes of profile office were reset; the old ones are in upper.old-1',
    });
  });

  it('that is full boots all the same and says so, with 256 MiB of memory', async () => {
    const report = await stick.session({
      memory: 256,
      append: 'livesys.persistence.on-error=readonly',
      job: { script: 'echo "full=$(stat -c %s /root/full)"; echo new >/root/new && echo new=yes' },
    });
    expect(Object.fromEntries(report.facts)).toMatchObject({
      'state.persistence': 'readonly',
      'state.persistence_error': 'E45',
      new: 'yes',
    });
    expect(Number(report.facts.get('full'))).toBeGreaterThan(10_000_000);
    expect(Number(report.facts.get('memory'))).toBeLessThan(256 * 1024);
    expect(report.console).not.toMatch(/Out of memory|Kernel panic/);
  });
});
