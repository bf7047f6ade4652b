import { expect, it } from 'vitest';
import { packageVersions, parseDpkgStatus } from './dpkg-status.ts';

const STATUS = `Package: zlib1g
Status: install ok installed
Multi-Arch: same
Architecture: amd64
Version: 1:1.2.13.dfsg-1
Description: compression library
 Version: not a field, but a line of the description
 .
 More.

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: half
Status: install reqreinst half-installed
Architecture: amd64
Version: 1.0

Package: kept
Status: hold ok installed
Architecture: all
Version: 2.0

Package: waiting
Status: install ok triggers-awaited
Architecture: amd64
Version: 3.0

Package: zlib1g
Status: install ok installed
Architecture: i386
Version: 1:1.2.13.dfsg-1
`;

it('lists what is installed, sorted, foreign architectures by their own name', () => {
  const versions = packageVersions(parseDpkgStatus(STATUS), 'amd64');
  expect(Object.entries(versions)).toEqual([
    ['kept', '2.0'],
    ['waiting', '3.0'],
    ['zlib1g', '1:1.2.13.dfsg-1'],
    ['zlib1g:i386', '1:1.2.13.dfsg-1'],
  ]);
});

it('reads an empty database', () => {
  expect(parseDpkgStatus('')).toEqual([]);
});
