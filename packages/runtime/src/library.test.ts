import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('the library under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);

  it('resolves links inside the assembled root', () => {
    mkdirSync(library.path('sysroot/usr/lib/systemd'), { recursive: true });
    mkdirSync(library.path('sysroot/usr/sbin'), { recursive: true });
    symlinkSync('usr/sbin', library.path('sysroot/sbin'));
    symlinkSync('../../../../lib/systemd/systemd', library.path('sysroot/usr/sbin/init'));
    symlinkSync('/usr/lib', library.path('sysroot/lib'));
    symlinkSync('loop', library.path('sysroot/loop'));
    expect(
      run(
        'livesys_resolve sysroot /sbin/init; echo "$LIVESYS_RESOLVED"; livesys_resolve sysroot /loop || echo endless',
      ),
    ).toEqual(['/usr/lib/systemd/systemd', 'endless']);
  });

  it('reports a failure with code, reason, table and next step', () => {
    run(
      '( livesys_step() { livesys_error E33 "a layer is gone"; }; livesys_stage profile livesys_step )',
    );
    expect(library.read('dev/kmsg').split('\n').slice(0, -1)).toEqual([
      '<3>LIVESYS: stage=profile result=fail t=12.50 code=E33',
      '<3>LIVESYS: FAIL code=E33 stage=profile image=none',
      '<3>LIVESYS: a layer is gone',
      '<3>LIVESYS: next: The medium is damaged or incomplete: write or copy it again.',
    ]);
  });

  it('forgets what a failed try told, and nothing that was told before the first one', () => {
    const told = (script: string) => {
      run(script);
      return library.notices();
    };
    expect(told('livesys_notice early; livesys_release_all')).toEqual(['early']);
    const fail = 'livesys_notice late; livesys_stage test false';
    expect(told(`(${fail})`)).toEqual(['early', 'late']);
    expect(told('livesys_release_all; livesys_notice again')).toEqual(['again']);
  });

  it('says the state as JSON whatever it holds', () => {
    library.write(
      'state',
      'format=1\nprofile=a"\\b\nlayers=x,y\nlayer_count=2\nnotice_1=n=1\nready=yes\n',
    );
    expect(JSON.parse(run('livesys_state_json state').join('\n'))).toEqual({
      format: 1,
      profile: 'a"\\b',
      layers: ['x', 'y'],
      layer_count: 2,
      ready: true,
      notices: ['n=1'],
    });
  });
});
