import { planWith } from '@livesys/plugin-testkit';
import { describe, expect, it } from 'vitest';
import type { BootEntry } from '../contract/boot.ts';
import type { ProfileRequest } from '../contract/hooks.ts';
import { isRef, type Text } from '../contract/values.ts';

type LinuxEntry = Extract<BootEntry, { kind: 'linux' }>;

const profile = (name: string, more: Partial<ProfileRequest> = {}): ProfileRequest => ({
  name,
  title: name.toUpperCase(),
  layers: [],
  persistence: 'off',
  default: false,
  kernelArguments: [],
  ...more,
});

/** The menu of an image with these profiles. */
function entriesOf(...profiles: readonly ProfileRequest[]): readonly BootEntry[] {
  return planWith({
    plugins: [
      {
        name: 'profiles',
        version: '1.0.0',
        apiVersion: '^1.0.0',
        apply: (hooks) =>
          hooks.profiles.tap('profiles', (payload) => ({ ...payload, profiles: [...profiles] })),
      },
    ],
  }).entries;
}

const linux = (...profiles: readonly ProfileRequest[]): readonly LinuxEntry[] =>
  entriesOf(...profiles).filter((entry) => entry.kind === 'linux');
const show = (words: readonly Text[]): string =>
  words
    .map((word) =>
      typeof word === 'string'
        ? word
        : [word]
            .flat()
            .map((part) => (isRef(part) ? 'ID' : part))
            .join(''),
    )
    .join(' ');
const line = (entries: readonly LinuxEntry[], id: string): string =>
  show(entries.find((entry) => entry.id === id)?.arguments ?? []);

const OFFICE = profile('office', { persistence: 'on', default: true });
const RESCUE = profile('rescue', { kernelArguments: ['rescue=1'] });

describe('the menu', () => {
  it('begins as chosen last, has each profile, then other ways to start the default one', () => {
    expect(entriesOf(RESCUE, OFFICE).map(({ id, title }) => [id, title])).toEqual([
      ['selection', expect.stringMatching(/ \(as chosen last\)$/)],
      ['office', 'OFFICE'],
      ['office-temporary', 'OFFICE (without keeping changes)'],
      ['rescue', 'RESCUE'],
      ['office-safe-graphics', 'OFFICE (safe graphics)'],
      ['office-verbose', 'OFFICE (verbose)'],
      ['office-verify', 'Verify the medium'],
      ['office-toram', 'Copy to memory'],
      ['set-up-persistence', 'Set up persistence on this stick'],
      ['local-disk', 'Boot from the first disk'],
      ['firmware-setup', 'Firmware setup'],
    ]);
  });

  it('leaves profile and persistence to what was chosen, in the first entry alone', () => {
    const entries = linux(RESCUE, OFFICE);
    expect(line(entries, 'selection')).not.toMatch(/livesys\.(profile|persistence)=/);
    expect(line(entries, 'office')).toMatch(/ livesys\.profile=office livesys\.persistence=on /);
    expect(line(entries, 'office-temporary')).toMatch(
      / livesys\.profile=office livesys\.persistence=off /,
    );
    expect(line(entries, 'rescue')).toMatch(
      / livesys\.profile=rescue livesys\.persistence=off .* rescue=1 /,
    );
  });

  it('says what each way to start adds', () => {
    const entries = linux(OFFICE);
    expect(line(entries, 'office-safe-graphics')).toContain(' nomodeset ');
    expect(line(entries, 'office-verbose')).toMatch(/ livesys\.debug /);
    expect(line(entries, 'office-verbose')).not.toMatch(/ quiet /);
    expect(line(entries, 'office-verify')).toContain(' livesys.verify=full ');
    expect(line(entries, 'office-toram')).toContain(' livesys.toram ');
    expect(line(entries, 'set-up-persistence')).toContain(' livesys.setup-persistence ');
  });

  it('keeps off the disks of the machine and ends in both consoles, whatever is started', () => {
    for (const { arguments: words, choices = [] } of linux(RESCUE, OFFICE)) {
      for (const one of [words, ...choices.map((choice) => choice.arguments)]) {
        expect(show(one)).toMatch(
          /^root=livesys:ID .* noresume systemd\.gpt_auto=0 systemd\.swap=0 /,
        );
        expect(show(one)).toMatch(/ console=ttyS0,115200 console=tty0$/);
      }
    }
  });

  it('starts no profile that requires persistence without', () => {
    const entries = linux(profile('kiosk', { persistence: 'required', default: true }));
    expect(entries.map(({ id }) => id)).not.toContain('kiosk-temporary');
    for (const entry of entries) expect(show(entry.arguments)).not.toContain('persistence=off');
    expect(line(entries, 'kiosk')).toContain(' livesys.persistence=on ');
  });
});

describe('as chosen last', () => {
  const selection = (...profiles: readonly ProfileRequest[]) =>
    linux(...profiles).find(({ id }) => id === 'selection');

  it('has the arguments of the default profile, and knows those of the others', () => {
    const entry = selection(
      RESCUE,
      profile('office', { default: true, kernelArguments: ['office=1'] }),
      profile('plain'),
    );
    expect(show(entry?.arguments ?? [])).toMatch(/ office=1 /);
    expect(entry?.choices?.map((choice) => [choice.profile, show(choice.arguments)])).toEqual([
      ['rescue', expect.stringMatching(/ rescue=1 (?!.*office=1)/)],
      ['plain', expect.not.stringMatching(/office=1|rescue=1/)],
    ]);
  });

  it('has nothing to choose between where all start alike', () => {
    expect(selection(OFFICE, profile('other'))?.choices).toEqual([]);
  });
});
