import type { LiveUser } from '@livesys/core/plugin';
import { expect, it } from 'vitest';
import { recordedBy } from '../../../test/support/recorded-ops.ts';
import { addLiveUser, type UserGroups } from './live-user.ts';

const USER: LiveUser = { name: 'live', password: 'none', autologin: true, sudo: true };
const GROUPS = { groups: ['audio', 'netdev'], sudoGroup: 'wheel', made: ['netdev', 'wheel'] };
const UNITS = '/etc/systemd/system';

const record = (more: Partial<LiveUser> = {}, groups: UserGroups = GROUPS) =>
  recordedBy((ops) => addLiveUser(ops, { ...USER, ...more }, groups));

it('logs the live user in on both consoles with a locked password', () => {
  const { lines, contents } = record();
  for (const getty of ['getty@tty1', 'serial-getty@ttyS0']) {
    expect(contents.get(`${UNITS}/${getty}.service.d/50-livesys-autologin.conf`)).toContain(
      '--autologin live',
    );
  }
  expect(lines).toContain('usermod --password ! live < ');
  expect(contents.get('/etc/sudoers.d/livesys')).toContain('live ALL=(ALL:ALL) NOPASSWD: ALL');
});

it('gives a chosen password to chpasswd by its input, never as an argument', () => {
  const { lines } = record({ password: { text: 'word' } });
  expect(lines).toContain('chpasswd < live:word\n');
  expect(lines.filter((line) => line.includes('word\n'))).toHaveLength(1);
});

it('makes groups that may be missing, and those alone', () => {
  const { lines } = record();
  expect(lines).toContain('usermod --append --groups audio,netdev,wheel live < ');
  expect(lines.filter((line) => line.startsWith('groupadd'))).toEqual([
    'groupadd --force --system netdev < ',
    'groupadd --force --system wheel < ',
  ]);
});

it('lets only one who may become root into the group for it', () => {
  const { lines, contents } = record({ sudo: false });
  expect(lines.join('\n')).not.toContain('wheel');
  expect(contents.size).toBe(2);
  expect([...contents.keys()].join('\n')).not.toMatch(/sudoers|polkit/);
});

it('logs the live user in at greeters', () => {
  expect(record().lines).toContain('sh /tmp/livesys-greeter-login.sh  live none < ');
  expect(record({ password: { text: 'word' } }).lines).toContain(
    'sh /tmp/livesys-greeter-login.sh  live some < ',
  );
  expect(record({ autologin: false }).lines.join('\n')).not.toContain('greeter');
});

it('leaves the groups of the user alone where there are none to give', () => {
  const { lines } = record({ sudo: false }, { ...GROUPS, groups: [] });
  expect(lines.join('\n')).not.toContain('--groups');
});

it('asks at the console where nobody is to be logged in, and for the rescue shell', () => {
  expect([...record({ autologin: false }).contents.keys()]).toEqual([
    '/etc/sudoers.d/livesys',
    '/etc/polkit-1/rules.d/50-livesys.rules',
  ]);
  const rescue = `${UNITS}/rescue.service.d/50-livesys-sulogin.conf`;
  expect(record().contents.get(rescue)).toContain('SYSTEMD_SULOGIN_FORCE=1');
  expect(record({ sudo: false }).contents.has(rescue)).toBe(false);
});
