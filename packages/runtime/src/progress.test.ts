import { describe, expect, it } from 'vitest';
import { SHELLS, shellLibrary } from '../../../test/support/shell-library.ts';

const tree = shellLibrary();
const console = () => tree.read('dev/kmsg').split('\n').slice(0, -1);

describe.each(SHELLS)('work that reads much, under %s', (...shell) => {
  it('says on the console how far it is, in tenths', () => {
    // The writer goes on when its reader has been seen: nothing depends on time.
    const script = `
      LIVESYS_PROC=/proc
      mkfifo pipe
      wait_for() { until grep -q "$1" dev/kmsg 2>/dev/null; do sleep 0.1; done; }
      { head -c 3300000 /dev/zero; wait_for ' 30 %'; head -c 4300000 /dev/zero; wait_for ' 70 %'; } >pipe &
      livesys_watched verify 10 hashes sha256sum pipe
      echo "$? $(cat hashes.errors)"`;
    expect(tree.run(shell, script)).toEqual(['0 ']);
    expect(console()).toEqual([
      '<3>LIVESYS: verify: 30 % of 10 MiB',
      '<3>LIVESYS: verify: 70 % of 10 MiB',
    ]);
    expect(tree.read('hashes')).toMatch(/^[0-9a-f]{64} {2}pipe\n$/);
  });

  it('is silent when it is done at once, and tells of a failure by its status', () => {
    const script = `
      LIVESYS_PROC=/proc
      livesys_watched copy 10 out cp missing there; echo "$?"
      livesys_watched copy 10 out true; echo "$?"`;
    expect(tree.run(shell, script)).toEqual(['1', '0']);
    expect(tree.read('out.errors')).toBe('');
    expect(console()).toEqual([]);
  });
});
