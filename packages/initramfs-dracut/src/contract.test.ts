import { testInitramfs } from '@livesys/plugin-testkit';
import { describe, test } from 'vitest';
import dracut from './index.ts';

describe('by default', () => {
  testInitramfs(dracut(), { test });
});

describe('with options', () => {
  testInitramfs(dracut({ compression: 'small', encryption: true }), { test });
});
