import { describe, expect, it } from 'vitest';
import { good, sealed } from '../../../test/support/manifest-text.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('persistence under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);

  function chosen(profile: string, argument: string, selection: string): string {
    library.write('manifest', sealed(good));
    return run(
      `livesys_parse_manifest manifest m; LIVESYS_ARG_profile=${profile} LIVESYS_ARG_persistence=${argument} LIVESYS_SELECTED_PERSISTENCE=${selection}
       livesys_choose_profile; livesys_choose_persistence; echo "$LIVESYS_PERSISTENCE_ASKED $LIVESYS_PERSISTENCE $LIVESYS_PERSISTENCE_NEED"`,
    ).join('\n');
  }

  it.each([
    ['office', '', '', 'on on optional'],
    ['office', '', 'off', 'off off optional'],
    ['office', 'on', 'off', 'on on optional'],
    ['office', 'off', 'on', 'off off optional'],
    ['office', 'readonly', 'off', 'readonly readonly optional'],
    ['rescue', '', '', 'off off '],
    ['rescue', '', 'on', 'on on '],
    ['rescue', 'on', '', 'on on '],
  ])('of %s, argument "%s", selection "%s": %s', (profile, argument, selection, expected) => {
    expect(chosen(profile, argument, selection)).toBe(expected);
  });

  /** What happens when it cannot be had. */
  function givenUp(settings: string, answer = ''): string[] {
    return run(
      `LIVESYS_PROFILE=office LIVESYS_PERSISTENCE=on LIVESYS_PERSISTENCE_NEED=optional LIVESYS_PERSISTENCE_ERROR= LIVESYS_MAY_SHOW= LIVESYS_DIRTY=
       LIVESYS_DATA_NAME=sda4 LIVESYS_CODE=E45 LIVESYS_REASON='sda4 is full'
       livesys_ask() { echo "asked for $1 s"; LIVESYS_ANSWER=; [ -n '${answer}' ] && "$3" '${answer}'; }
       livesys_open_data() { echo "opened $1"; }
       ${settings}
       livesys_give_up_persistence; echo "$? $LIVESYS_PERSISTENCE $LIVESYS_PERSISTENCE_ERROR"`,
    );
  }
  const show = 'LIVESYS_MAY_SHOW=1';

  it.each([
    ['stop', ['1 on E45']],
    ['temporary', ['0 off E45']],
    ['readonly', ['opened readonly', '0 readonly E45']],
  ])('livesys.persistence.on-error=%s asks nobody', (what, expected) => {
    expect(givenUp(`${show} LIVESYS_ARG_on_error=${what}`)).toEqual(expected);
  });

  it('on-error=readonly is temporary where nothing can be shown', () => {
    expect(givenUp('LIVESYS_ARG_on_error=readonly')).toEqual(['0 off E45']);
    expect(library.notices()).toEqual(['E45 changes are kept in memory only: sda4 is full']);
  });

  it.each([
    ['', ['0 off E45']],
    ['t', ['0 off E45']],
    ['S', ['1 on E45']],
    ['r', ['opened readonly', '0 readonly E45']],
  ])('a person who presses "%s" decides', (key, expected) => {
    expect(givenUp(show, key)).toEqual(['asked for 15 s', ...expected]);
    expect(library.read('dev/kmsg')).toContain('press t to keep them in memory only, r to see');
  });

  it('"r" is neither offered nor taken where nothing can be shown', () => {
    expect(givenUp('', 'r')).toEqual(['asked for 15 s', '0 off E45']);
    expect(library.read('dev/kmsg')).toContain('in memory only, s to stop');
  });

  it('nobody is asked where the medium has no DATA and none was named', () => {
    const none = 'LIVESYS_CODE=E40 LIVESYS_DATA_NAME=';
    expect(givenUp(none)).toEqual(['0 off E40']);
    expect(givenUp(`${none} LIVESYS_ARG_data=LABEL=x`)).toEqual(['asked for 15 s', '0 off E40']);
    expect(givenUp(`${none} LIVESYS_ARG_on_error=stop`)).toEqual(['1 on E40']);
  });

  it('a profile that requires it stops, whatever on-error says', () => {
    const lines = givenUp(
      `${show} LIVESYS_PERSISTENCE_NEED=required LIVESYS_ARG_on_error=temporary`,
      't',
    );
    expect(lines).toEqual(['1 on E45']);
    expect(library.notices()).toEqual([]);
  });

  it.each([
    ['4096 1000000 4096 65536 60000', ''],
    ['16000 790 4096 65536 60000', 'sda4 is full: 3 MiB are left'],
    ['1000000 16383 4096 65536 60000', 'sda4 is full: 63 MiB are left'],
    ['1000000 16384 4096 65536 60000', ''],
    ['9999999999999 9999999999 4096 9999999999999 99999999999', ''],
    ['1000000 500000 4096 65536 654', 'sda4 is full: room for 654 files is left'],
    ['1000000 500000 4096 65536 655', ''],
    ['1000000 500000 4096 10000000 999', 'sda4 is full: room for 999 files is left'],
    ['1000000 500000 4096 0 0', ''],
    ['', 'the space left on sda4 is not known'],
  ])('space: %s', (numbers, reason) => {
    library.write('bin/stat', `#!/bin/sh\necho '${numbers}'\n`, 0o755);
    expect(
      run(
        'LIVESYS_DATA_NAME=sda4 LIVESYS_DATA_PATH=.; livesys_check_space || echo "$LIVESYS_REASON"',
      ),
    ).toEqual(reason === '' ? [] : [reason]);
  });
});
