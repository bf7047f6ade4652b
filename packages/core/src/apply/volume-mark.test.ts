import { expect, it } from 'vitest';
import { mapperName, volumeTag } from './volume-mark.ts';

it('names a volume as the device mapper does', () => {
  expect(mapperName('a-disk', 'livesys-snapshot-1')).toBe('a--disk-livesys--snapshot--1');
  expect(mapperName('ubuntu', 'root_1')).toBe('ubuntu-root_1');
});

it('makes a tag of signs that LVM takes, whatever the path of the lock', () => {
  const tag = volumeTag({ boot: '6b6c-01', lock: '/home/änna/my cache, 2/tmp/x.lock' });
  expect(tag).toMatch(/^livesys-snapshot:1:6b6c-01:[\w+/=]+$/);
  expect(Buffer.from(tag.split(':')[3] ?? '', 'base64').toString()).toBe(
    '/home/änna/my cache, 2/tmp/x.lock',
  );
});
