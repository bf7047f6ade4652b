import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shellLibrary, SHELLS } from '../../../test/support/shell-library.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const sealed = (body: string) => `${body}end ${digest(body)}\n`;
const head = 'livesys-selection 1\n';

const library = shellLibrary();

describe.each(SHELLS)('the selection under %s', (...shell) => {
  const read = (file = 'livesys/selection') =>
    library.run(
      shell,
      `livesys_read_selection ${file}; echo "$? [$LIVESYS_SELECTED_PROFILE] [$LIVESYS_SELECTED_PERSISTENCE]"
       [ -z "$LIVESYS_SELECTION_PROBLEM" ] || echo "$LIVESYS_SELECTION_PROBLEM"
       [ ! -e hacked ] || echo hacked`,
    );
  const write = (profile: string, persistence: string, directory = '.') =>
    library.run(
      shell,
      `livesys_write_selection '${directory}' '${profile}' '${persistence}'; echo "$? $LIVESYS_SELECTION_PROBLEM"`,
    );

  it.each([
    ['profile office\npersistence on\n', 'office', 'on'],
    ['profile a.b-c_1\n', 'a.b-c_1', ''],
    ['persistence off\n', '', 'off'],
    ['', '', ''],
  ])('is read: %j', (lines, profile, persistence) => {
    library.write('livesys/selection', sealed(head + lines));
    expect(read()).toEqual([`0 [${profile}] [${persistence}]`]);
  });

  it('says nothing when there is none', () => {
    expect(read()).toEqual(['0 [] []']);
  });

  const good = `${head}profile office\npersistence on\n`;
  it.each<readonly [string, string | Uint8Array]>([
    ['empty', ''],
    ['without an end', good],
    ['with a wrong hash', `${good}end ${digest('x')}\n`],
    ['cut in its last line', sealed(good).slice(0, -1)],
    ['with a line behind the end', `${sealed(good)}profile rescue\n`],
    ['of one line without an end', 'livesys-selection 1'],
    ['of a later version', sealed(good.replace('1', '2'))],
    ['in another order', sealed(`${head}persistence on\nprofile office\n`)],
    ['with a profile twice', sealed(`${head}profile a\nprofile a\n`)],
    ['with an unknown line', sealed(`${head}exec reboot\n`)],
    ['with a path as profile', sealed(`${head}profile ../../etc\n`)],
    ['with an empty profile', sealed(`${head}profile \n`)],
    ['with another persistence', sealed(`${head}persistence required\n`)],
    ['with a command as profile', sealed(`${head}profile $(touch hacked)\n`)],
    ['with backticks', sealed(`${head}profile \`touch hacked\`\n`)],
    ['with a pattern', sealed(`${head}profile *\n`)],
    ['with NUL', sealed(`${head}profile off\0ice\n`)],
    ['with NUL at the end', `${sealed(good)}\0`],
    ['with CRLF', sealed(good).replaceAll('\n', '\r\n')],
    ['with bytes beyond ASCII', Buffer.from(sealed(`${head}profile \xff\n`), 'latin1')],
    ['with a line of 1 MB', sealed(`${head}profile ${'a'.repeat(1_000_000)}\n`)],
    ['with empty lines', sealed(`${head}\nprofile a\n`)],
  ])('is refused %s', (_what, content) => {
    library.write('livesys/selection', content);
    expect(read()).toEqual(['1 [] []', expect.stringMatching(/^it/)]);
  });

  it('is refused as a link, below a link, as a directory and as a pipe', () => {
    library.write('elsewhere/selection', sealed(good));
    mkdirSync(library.path('livesys'));
    symlinkSync('../elsewhere/selection', library.path('livesys/selection'));
    expect(read()).toEqual(['1 [] []', 'it is a symbolic link']);
    symlinkSync('elsewhere', library.path('linked'));
    expect(read('linked/selection')).toEqual(['1 [] []', 'it is a symbolic link']);
    mkdirSync(library.path('directory/selection'), { recursive: true });
    expect(read('directory/selection')).toEqual(['1 [] []', 'it is not a file']);
    library.run(shell, 'mkdir pipe && mkfifo pipe/selection');
    expect(read('pipe/selection')).toEqual(['1 [] []', 'it is not a file']);
  });

  it('is written as it is read, and for GRUB', () => {
    expect(write('office', 'on')).toEqual(['0 ']);
    expect(library.read('livesys/selection')).toBe(sealed(good));
    const block = library.read('livesys/grubenv');
    expect(block).toHaveLength(1024);
    expect(block).toMatch(/^# GRUB Environment Block\nlivesys_profile=office\n#+$/);
    expect(readdirSync(library.path('livesys')).sort()).toEqual(['grubenv', 'selection']);
    expect(statSync(library.path('livesys/selection')).mode & 0o777).toBe(0o644);
    expect(read()).toEqual(['0 [office] [on]']);
    expect(write('a'.repeat(64), '')).toEqual(['0 ']);
    expect(library.read('livesys/grubenv')).toHaveLength(1024);
    expect(write('', 'off')).toEqual(['0 ']);
    expect(library.read('livesys/grubenv')).toMatch(/^# GRUB Environment Block\n#{999}$/);
    expect(read()).toEqual(['0 [] [off]']);
  });

  it('is not written with other words, or through a link', () => {
    expect(write('../x', 'on')).toEqual(['1 its profile is not a name']);
    expect(write('a', 'maybe')).toEqual(['1 its persistence is neither on nor off']);
    library.write('target/file', '');
    mkdirSync(library.path('data'));
    symlinkSync('../target', library.path('data/livesys'));
    expect(write('a', 'on', 'data')).toEqual(['1 data/livesys is a symbolic link']);
    expect(readdirSync(library.path('target'))).toEqual(['file']);
  });

  it('replaces a planted link instead of following it', () => {
    library.write('victim', 'untouched');
    mkdirSync(library.path('livesys'));
    symlinkSync('../victim', library.path('livesys/.selection.new'));
    mkdirSync(library.path('directory'));
    symlinkSync('../directory', library.path('livesys/grubenv'));
    expect(write('office', 'on')).toEqual(['0 ']);
    expect(library.read('victim')).toBe('untouched');
    expect(readdirSync(library.path('directory'))).toEqual([]);
    expect(library.read('livesys/grubenv')).toContain('livesys_profile=office');
  });
});
