import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { holdBudget } from './support/budget.ts';
import { makeFileSystem } from './support/cases/medium.ts';
import { expectCleanImages } from './support/clean-images.ts';
import { directKernel } from './support/direct.ts';
import { readFacts, runProblems } from './support/facts.ts';
import { Guest, type GuestReport } from './support/guest.ts';
import { buildImage } from './support/image.ts';
import { KERNEL_PACKAGES, NEWER_KERNEL } from './support/kernel-packages.ts';
import { makeRepository } from './support/repository.ts';

// A live system that somebody uses every day: it is upgraded, it runs containers, and after the next
// start all of that is still there.

/** Seconds on a machine with KVM. */
const SESSION = 90;

const FIRST = `
apt="apt-get --quiet --yes -o Dir::Etc::SourceList=$PWD/sources -o Dir::Etc::SourceParts=- -o Acquire::Languages=none"
echo "deb [trusted=yes] file:$PWD/packages ./" >sources
$apt update >said 2>&1 && $apt full-upgrade >>said 2>&1
echo "upgrade=$?"
echo "upgrade.told=$(grep -c 'keeps starting the kernel of its medium; kernel ${NEWER_KERNEL}' said)"
echo "upgrade.trouble=$(grep -iE 'error|fail|warning' said | tr '\\n' ';')"
update-initramfs -u >said 2>&1
echo "initramfs=$? $(cat said)"
# Not mv, which copies where the kernel does not rename.
echo "renamed=$(perl -e 'rename("/usr/share/doc", "/usr/share/documents") or print $!')"
tar --create --directory /run/initramfs bin lib lib64 | podman import --quiet - box >/dev/null
echo "container.driver=$(podman info --format '{{.Store.GraphDriverName}}')"
echo "container.says=$(podman run --rm --network none box /bin/sh -c 'echo hello >/file; read word </file; echo $word')"
echo "container.folder=$(findmnt --noheadings --output FSTYPE /var/lib/containers)"
echo "container.depth=$(dmesg | grep -c 'stacking depth')"
echo "status=$(livesysctl status --json | tr -d '\\n')"
echo "resume=$(cat /sys/power/resume)"
: >/root/first-done
`;
const SECOND = `
echo "audit=$(dpkg --audit | tr '\\n' ';')"
echo "installed=$(dpkg-query --show --showformat '\${Status}' linux-image-${NEWER_KERNEL})"
echo "boot=$(echo /boot/*)"
echo "running=$(uname -r)"
echo "modules=$(modprobe --dry-run dummy && echo found)"
echo "renamed=$(ls -d /usr/share/doc /usr/share/documents 2>/dev/null)"
podman image exists box && echo container.kept=yes
echo "resume=$(cat /sys/power/resume)"
`;
const END = `
[ -e /root/second ] || [ ! -e /root/first-done ] && exec systemctl poweroff
kernel=/run/livesys/medium/livesys/boot/$(uname -r)
: >/root/second
kexec --load "$kernel/vmlinuz" --initrd="$kernel/initrd" --reuse-cmdline && exec systemctl kexec
exec systemctl poweroff
`;

let folder = '';
let image = '';
let data = '';
let packages = '';
let guest: Guest | undefined;

holdBudget('daily', 8, async () => {
  image = buildImage('trixie', 'daily');
});
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'livesys-daily-'));
  mkdirSync(join(folder, 'empty'));
  packages = makeRepository(join(folder, 'repository'), KERNEL_PACKAGES);
  data = makeFileSystem(join(folder, 'data.img'), 'ext4', join(folder, 'empty'), {
    label: 'CHANGES',
    mebibytes: 1024,
  });
});
afterAll(async () => {
  await guest?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Both sessions on one machine: the second is started by the first, with the kernel of the medium. */
async function twoSessions(): Promise<GuestReport[]> {
  guest = await Guest.start({
    medium: { file: image, as: 'usb' },
    drives: [{ file: data, as: 'usb', writes: 'keep' }],
    direct: await directKernel(image, folder, 'livesys.data=LABEL=CHANGES'),
    job: {
      script: `if [ -e /root/first-done ]; then ${SECOND}\nelse ${FIRST}\nfi`,
      end: END,
      files: { packages },
    },
  });
  const whole = await guest.finish(SESSION);
  expect(whole.console).toMatch(/LIVESYS: exitrd verb=kexec clean=yes/);
  const [first = '', ...second] = whole.console.split(/(?<=^LIVESYS-TEST: lines=.*\n)/m);
  return [first, second.join('')].map((console) => ({
    ...whole,
    console,
    facts: readFacts(console),
  }));
}

describe('a live system that is used every day', () => {
  let reports: readonly GuestReport[];
  beforeAll(async () => {
    reports = await twoSessions();
  });
  const session = (number: 0 | 1): ReadonlyMap<string, string> => {
    const report = reports[number];
    if (report === undefined) throw new Error('it did not start');
    expect(runProblems(report, guest?.nonce ?? '')).toEqual([]);
    expect(report.facts.get('units.failed')).toBe('');
    return report.facts;
  };

  it('takes a full upgrade with a kernel in it, and renames a directory of a lower layer', () => {
    const facts = session(0);
    expect(Object.fromEntries(facts)).toMatchObject({
      upgrade: '0',
      'upgrade.told': '1',
      'upgrade.trouble': '',
      renamed: '',
    });
    expect(facts.get('initramfs')).toMatch(/^0/);
    expect(JSON.parse(facts.get('status') ?? '')).toMatchObject({
      persistence: 'on',
      next: { profile: 'live', persistence: 'on' },
    });
  });

  it('runs containers of Podman on overlays in a folder beside the live root', () => {
    expect(Object.fromEntries(session(0))).toMatchObject({
      'container.driver': 'overlay',
      'container.says': 'hello',
      'container.folder': 'ext4',
      'container.depth': '0',
    });
  });

  it('starts again by kexec, with the kernel of the medium, and has all of it', () => {
    const facts = session(1);
    expect(Object.fromEntries(facts)).toMatchObject({
      audit: '',
      installed: 'install ok installed',
      modules: 'found',
      renamed: '/usr/share/documents',
      'container.kept': 'yes',
      running: session(0).get('kernel'),
      'state.unclean': 'no',
    });
    expect(facts.get('running')).not.toBe(NEWER_KERNEL);
    expect(facts.get('boot')).not.toContain('initrd');
  });

  it('leaves swap and the sleeping system of the machine alone, and all is clean in the end', async () => {
    for (const number of [0, 1] as const) {
      // That the disks are as they were is part of every session.
      expect(Object.fromEntries(session(number))).toMatchObject({ swaps: '0', resume: '0:0' });
    }
    expect(reports[1]?.console).toContain('LIVESYS: exitrd verb=poweroff clean=yes');
    await expectCleanImages(data);
  });
});
