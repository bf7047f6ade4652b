import { testOutput, testSource } from '@livesys/plugin-testkit';
import { describe, test } from 'vitest';
import { disk } from './outputs/disk.ts';
import { iso } from './outputs/iso.ts';
import { archive } from './sources/archive.ts';
import { bootstrap } from './sources/bootstrap.ts';
import { directory } from './sources/directory.ts';
import { host } from './sources/host.ts';

describe('sources', () => {
  testSource(archive('./root.tar.zst'), { test });
  testSource(bootstrap(), { test });
  testSource(directory('/srv/root'), { test });
  testSource(host(), { test });
});

describe('outputs', () => {
  testOutput(iso(), { test });
  testOutput(iso({ file: './live.iso' }), { test });
  testOutput(disk(), { test });
  testOutput(disk({ file: './live.img', data: 'none' }), { test });
});
