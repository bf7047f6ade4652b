import { describe, expect, it } from 'vitest';
import { IMAGE } from '../../../test/support/manifest-text.ts';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const library = shellLibrary();

describe.each(SHELLS)('kernel arguments under %s', (...shell) => {
  const run = (script: string) => library.run(shell, script);
  function cmdline(text: string, print: string): string[] {
    library.write('cmdline', `${text}\n`);
    return run(`livesys_parse_cmdline cmdline; echo "$?"\nprintf '%s\\n' ${print}`);
  }

  it('fills in the defaults', () => {
    const print =
      '"$LIVESYS_ARG_image" "$LIVESYS_ARG_overlay_size" "$LIVESYS_ARG_timeout" "$LIVESYS_ARG_verify"';
    expect(cmdline(`quiet root=livesys:${IMAGE} ro`, print)).toEqual(['0', IMAGE, '50%', '60', '']);
  });

  it('lets another root alone', () => {
    expect(cmdline('root=UUID=1 livesys.timeout=x', '""')[0]).toBe('3');
    expect(cmdline('quiet', '""')[0]).toBe('3');
  });

  it('takes the last of repeated arguments and an id in capitals', () => {
    const text = `root=/dev/sda root=livesys:${IMAGE.toUpperCase()} livesys.profile=a livesys.profile=b`;
    expect(cmdline(text, '"$LIVESYS_ARG_image" "$LIVESYS_ARG_profile"')).toEqual(['0', IMAGE, 'b']);
  });

  it('keeps what is quoted together', () => {
    const text = `root=livesys:${IMAGE} "livesys.medium=LABEL=my  stick" livesys.iso="/a b.iso" x="y`;
    expect(cmdline(text, '"$LIVESYS_ARG_medium" "$LIVESYS_ARG_iso"')).toEqual([
      '0',
      'LABEL=my stick',
      '/a b.iso',
    ]);
  });

  it.each([
    ['root=livesys:', 'root=livesys:'],
    ['root=livesys:1234', 'root=livesys:1234'],
    [`root=livesys:${IMAGE}0`, `root=livesys:${IMAGE}0`],
    [`root=livesys:${IMAGE} livesys.overlay-size=0%`, 'livesys.overlay-size=0%'],
    [`root=livesys:${IMAGE} livesys.overlay-size=101%`, 'livesys.overlay-size=101%'],
    [`root=livesys:${IMAGE} livesys.overlay-size=2T`, 'livesys.overlay-size=2T'],
    [`root=livesys:${IMAGE} livesys.timeout=-1`, 'livesys.timeout=-1'],
    [`root=livesys:${IMAGE} livesys.verify=yes`, 'livesys.verify=yes'],
    [`root=livesys:${IMAGE} livesys.toram=2`, 'livesys.toram=2'],
    [`root=livesys:${IMAGE} livesys.profile=../x`, 'livesys.profile=../x'],
    [`root=livesys:${IMAGE} livesys.profile=$(reboot)`, 'livesys.profile=$(reboot)'],
    [`root=livesys:${IMAGE} livesys.manifest=abc`, 'livesys.manifest=abc'],
    [`root=livesys:${IMAGE} livesys.medium=sda`, 'livesys.medium=sda'],
    [`root=livesys:${IMAGE} livesys.iso=/a/../b`, 'livesys.iso=/a/../b'],
    [`root=livesys:${IMAGE} livesys.persistence=maybe`, 'livesys.persistence=maybe'],
    [
      `root=livesys:${IMAGE} livesys.persistence.on-error=retry`,
      'livesys.persistence.on-error=retry',
    ],
    [`root=livesys:${IMAGE} livesys.toram=perhaps`, 'livesys.toram=perhaps'],
    [`root=livesys:${IMAGE} livesys.data=/data`, 'livesys.data=/data'],
    [`root=livesys:${IMAGE} livesys.data=UUID=:/x`, 'livesys.data=UUID=:/x'],
    [
      `root=livesys:${IMAGE} livesys.data=LABEL=a:/x/../../etc`,
      'livesys.data=LABEL=a:/x/../../etc',
    ],
    [`root=livesys:${IMAGE} livesys.data=$(reboot)`, 'livesys.data=$(reboot)'],
  ])('refuses %s', (text, named) => {
    const [status, code, reason] = cmdline(text, '"$LIVESYS_CODE" "$LIVESYS_REASON"');
    expect([status, code]).toEqual(['1', 'E10']);
    expect(reason).toContain(named);
  });

  it.each(['50%', '1%', '100%', '512M', '2G', '4096k'])('accepts the size %s', (size) => {
    const text = `root=livesys:${IMAGE} livesys.overlay-size=${size}`;
    expect(cmdline(text, '"$LIVESYS_ARG_overlay_size"')).toEqual(['0', size]);
  });

  it('names the nearest known argument', () => {
    cmdline(`root=livesys:${IMAGE} livesys.profil=a livesys.zzzzzzzzzzzz=1 livesys.verify`, '""');
    expect(library.notices()).toEqual([
      'kernel argument livesys.profil is not known; did you mean livesys.profile?',
      'kernel argument livesys.zzzzzzzzzzzz is not known',
      'kernel argument livesys.verify needs a value, ignored',
    ]);
  });

  it.each(['', '=1', '=yes', '=no'])('takes switches with and without a value: "%s"', (value) => {
    const switches = ['debug', 'strict', 'noeject', 'persistence.rebase', 'setup-persistence'];
    const text = switches.map((name) => `livesys.${name}${value}`).join(' ');
    const print =
      '"$LIVESYS_ARG_debug" "$LIVESYS_ARG_strict" "$LIVESYS_ARG_noeject" "$LIVESYS_ARG_rebase" "$LIVESYS_ARG_setup"';
    const on = value === '=no' ? '' : '1';
    expect(cmdline(`root=livesys:${IMAGE} ${text}`, print)).toEqual(['0', on, on, on, on, on]);
    expect(library.notices()).toEqual([]);
  });

  it('accepts the names of other live systems, below its own', () => {
    const print =
      '"$LIVESYS_ARG_iso" "$LIVESYS_ARG_overlay_size" "$LIVESYS_ARG_verify" "$LIVESYS_ARG_persistence" "$LIVESYS_ARG_toram"';
    const read = (text: string) => cmdline(`root=livesys:${IMAGE} ${text}`, print).slice(1);
    expect(
      read('livesys.overlay-size=1G iso-scan/filename=a.iso cow_spacesize=2G checksum=y'),
    ).toEqual(['/a.iso', '1G', 'full', '', '']);
    expect(read('findiso=/b.iso overlay-size=30% persistence toram')).toEqual([
      ...['/b.iso', '30%', '', 'on', 'yes'],
    ]);
    expect(read('verify-checksums nopersistence copytoram=auto')).toEqual([
      ...['', '50%', 'full', 'off', 'auto'],
    ]);
    expect(read('toram=live.squashfs livesys.verify=lazy checksum=y')).toEqual([
      ...['', '50%', 'lazy', '', 'yes'],
    ]);
    expect(read('copytoram=y livesys.toram=no').at(-1)).toBe('no');
    expect(library.notices()).toEqual([]);
    expect(read('persistent copytoram=n')).toEqual(['', '50%', '', 'on', 'no']);
  });

  it.each([
    'UUID=1234-ABCD',
    'LABEL=DATA:/livesys',
    'LABEL=a:b:/x:y.img',
    '/dev/disk/by-id/usb-X-0:0-part1:/data',
    'PARTUUID=01-02',
    'PARTLABEL=LIVESYS-DATA',
  ])('accepts livesys.data=%s', (data) => {
    const text = `root=livesys:${IMAGE} livesys.data=${data}`;
    expect(cmdline(text, '"$LIVESYS_ARG_data"')).toEqual(['0', data]);
  });

  it('survives long and odd input', () => {
    const text = `${'x'.repeat(2000)} "" = root=livesys:${IMAGE} livesys.=1 livesys.${'y'.repeat(300)}=* ' \` $(`;
    expect(cmdline(text, '""')[0]).toBe('0');
  });
});
