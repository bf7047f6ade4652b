import { expect, it } from 'vitest';
import { toVolume } from './volume.ts';

const ROW = {
  ...{ vg_name: 'disk', lv_name: 'root', segtype: 'linear', pool_lv: '' },
  ...{ lv_size: '2621440000', vg_extent_size: '4194304', vg_free_count: '37' },
};

it('reads what LVM reports of a thick volume and of a thin one', () => {
  expect(toVolume(ROW)).toEqual({
    ...{ group: 'disk', name: 'root', pool: undefined },
    ...{ extents: 625, free: 37 },
  });
  expect(toVolume({ ...ROW, segtype: 'thin', pool_lv: 'pool', lv_size: '1' })).toMatchObject({
    pool: 'pool',
    extents: 1,
  });
});
