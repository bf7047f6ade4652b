import { describe, expect, it } from 'vitest';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('asking at the consoles under %s', (...shell) => {
  /** Consoles are pipes; `type` writes to one, as a person would. A second lasts a tenth. */
  function ask(consoles: string, script: string): string[] {
    library.write('sys/class/tty/console/active', `${consoles}\n`);
    return library.run(
      shell,
      `sleep() { command sleep 0.1; }
       for console in ${consoles}; do mkfifo "dev/$console"; done
       type_at() { ( command sleep 0.3; printf "$2" >"dev/$1" ) & }
       is_letter() { case $1 in [a-z]) LIVESYS_ANSWER=$1 ;; *) return 1 ;; esac; }
       is_yes() { LIVESYS_ANSWER=$1; [ "$1" = yes ]; }
       ${script}
       wait; ls "$LIVESYS_STATE"`,
    );
  }
  const said = () => library.read('dev/kmsg').split('\n').slice(0, -1);

  it.each(['tty0', 'ttyS0', 'hvc0'])('takes a key from any of them: %s', (console) => {
    const script = `type_at ${console} b; livesys_ask 15 1 is_letter 'without an answer: t'; echo "$? $LIVESYS_ANSWER"`;
    expect(ask('tty0 ttyS0 hvc0', script)).toEqual(['0 b']);
    expect(said()[0]).toBe('<3>LIVESYS: 15 s left; without an answer: t');
  });

  it('goes on asking after another key', () => {
    const script = `type_at ttyS0 '\\n'; ( command sleep 0.8; printf k >dev/ttyS0 ) & livesys_ask 30 1 is_letter x; echo "$? $LIVESYS_ANSWER"`;
    expect(ask('ttyS0', script)).toEqual(['0 k']);
  });

  it('takes a whole line', () => {
    const script = `type_at ttyS0 'yes\\n'; livesys_ask 30 64 is_yes x; echo "$? $LIVESYS_ANSWER"`;
    expect(ask('tty0 ttyS0', script)).toEqual(['0 yes']);
  });

  it('counts down, and gives up without a person', () => {
    const script = `livesys_ask 11 1 is_letter 'without an answer: t'; echo "$? [$LIVESYS_ANSWER]"`;
    expect(ask('tty0 ttyS0', script)).toEqual(['1 []']);
    expect(said()).toEqual([
      '<3>LIVESYS: 10 s left; without an answer: t',
      '<3>LIVESYS: 5 s left; without an answer: t',
    ]);
  });

  it('ends at once where the machine is to start again', () => {
    const script = `sleep() { command sleep 0.1; : >"$LIVESYS_HOME/leaving"; }
      livesys_ask 9990 1 is_letter x; echo "$?"; livesys_ask 9990 1 is_letter x; echo "$?"`;
    expect(ask('ttyS0', script)).toEqual(['1', '1']);
    expect(said()).toEqual(['<3>LIVESYS: 9990 s left; x']);
  });

  it('does not wait where there is no console', () => {
    const script = `livesys_ask 9999 1 is_letter x; echo "$?"; rm sys/class/tty/console/active; livesys_ask 9999 1 is_letter x; echo "$?"`;
    library.write('sys/class/tty/console/active', 'ttyS9\n');
    expect(library.run(shell, script)).toEqual(['1', '1']);
  });
});
