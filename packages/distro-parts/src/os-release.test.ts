import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { osReleaseField } from './os-release.ts';

const field = (content: string, name: string) =>
  osReleaseField(memoryProbe({ files: { '/usr/lib/os-release': content } }), name);

it.each(['VERSION_ID=41\n', 'VERSION_ID="41"\nID=x\n', "ID=x\nVERSION_ID='41'"])(
  'reads a field of %j, whatever its quotes',
  (content) => {
    expect(field(content, 'VERSION_ID')).toBe('41');
  },
);

it.each(['VERSION_ID=\nID=x\n', 'VERSION_ID=""\n', 'OTHER_VERSION_ID=41\n', ''])(
  'finds nothing in %j',
  (content) => {
    expect(field(content, 'VERSION_ID')).toBeUndefined();
  },
);

it('prefers /etc/os-release', () => {
  const files = { '/etc/os-release': 'ID=a', '/usr/lib/os-release': 'ID=b' };
  expect(osReleaseField(memoryProbe({ files }), 'ID')).toBe('a');
});
