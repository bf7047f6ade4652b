import { expect, it } from 'vitest';
import { blankPasswords } from './blank-passwords.ts';

it('takes the hashes of people, locked or not, and leaves the rest as it is', () => {
  const shadow = [
    'root:$y$j9T$abc$def:19000:0:99999:7:::',
    'daemon:*:19000:0:99999:7:::',
    'anna:!$6$salt$hash:19000:0:99999:7:::',
    'bert:abJnggxhB/yWI:19000:0:99999:7:::',
    'sshd:!:19000::::::',
    'guest::19000:0:99999:7:::',
    '',
  ].join('\n');

  expect(blankPasswords(shadow)).toBe(
    [
      'root:!:19000:0:99999:7:::',
      'daemon:*:19000:0:99999:7:::',
      'anna:!:19000:0:99999:7:::',
      'bert:!:19000:0:99999:7:::',
      'sshd:!:19000::::::',
      'guest::19000:0:99999:7:::',
      '',
    ].join('\n'),
  );
});

it('leaves a file without any as it is, to the byte', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nno colon\n+::::::\n\u00e4:x:1:1::/:/\n';
  expect(blankPasswords(passwd)).toBe(passwd);
});
