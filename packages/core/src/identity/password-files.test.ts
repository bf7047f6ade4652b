import { expect, it } from 'vitest';
import { blankPasswords } from './password-files.ts';

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

  expect(blankPasswords('/etc/shadow', shadow)).toBe(
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
  expect(blankPasswords('/etc/passwd', passwd)).toBe(passwd);
});

it.each([
  [
    '/etc/fstab',
    `UUID=1 / ext4 errors=remount-ro 0 1
//nas/a /mnt/a cifs username=anna,password=se:cret,uid=1000 0 0
//nas/b /mnt/b cifs pass=other 0 0
//nas/c /mnt/c cifs credentials=/root/.smb 0 0
`,
    `UUID=1 / ext4 errors=remount-ro 0 1
//nas/a /mnt/a cifs username=anna,password=,uid=1000 0 0
//nas/b /mnt/b cifs pass= 0 0
//nas/c /mnt/c cifs credentials=/root/.smb 0 0
`,
  ],
  [
    '/etc/network/interfaces',
    `auto lo
iface wlan0 inet dhcp
\twpa-ssid home
\twpa-psk a secret
  wireless-key1 s:abc
`,
    `auto lo
iface wlan0 inet dhcp
\twpa-ssid home
\t# A password was here.
  # A password was here.
`,
  ],
  [
    '/etc/environment',
    'http_proxy="http://anna:a@b%20c@proxy:3128/"\nPATH="/usr/bin:/bin"\nno=http://proxy:80/a@b\n',
    'http_proxy="http://proxy:3128/"\nPATH="/usr/bin:/bin"\nno=http://proxy:80/a@b\n',
  ],
  [
    '/etc/systemd/system/report.service.d/override.conf',
    `[Service]
Environment=REPORT_TOKEN=abc LANG=C "DB_PASSWORD=d e" MODE=fast
ExecStart=/usr/bin/report --api-key=xyz --token abc --keep ~/tokens/ --password-file /etc/report
  --secret more
SetCredential=db:abc
LoadCredential=db:/etc/db.password
`,
    `[Service]
Environment=REPORT_TOKEN= LANG=C "DB_PASSWORD=" MODE=fast
ExecStart=/usr/bin/report --api-key= --token  --keep ~/tokens/ --password-file /etc/report
  --secret 
SetCredential=db:
LoadCredential=db:/etc/db.password
`,
  ],
  [
    '/etc/iscsi/iscsid.conf',
    'node.startup = manual\nnode.session.auth.password = abc\n#node.session.auth.password_in = x\n',
    'node.startup = manual\n# A password was here.\n#node.session.auth.password_in = x\n',
  ],
  [
    '/etc/mosquitto/conf.d/bridge.conf',
    'remote_username a\nremote_password b\nbridge_psk c\npassword_file /etc/mosquitto/passwd\n',
    'remote_username a\n# A password was here.\n# A password was here.\npassword_file /etc/mosquitto/passwd\n',
  ],
  [
    '/etc/libvirt/qemu/desk.xml',
    "<graphics type='vnc' port='-1' passwd='abc' passwdValidTo='x'/>\n",
    "<graphics type='vnc' port='-1' passwd='' passwdValidTo='x'/>\n",
  ],
  [
    '/etc/apt/apt.conf.d/80proxy',
    'Acquire::http::Proxy "http://a:b@proxy.example.org:3128/";\n',
    'Acquire::http::Proxy "http://proxy.example.org:3128/";\n',
  ],
])('takes the passwords out of %s and leaves the rest', (path, text, blank) => {
  expect(blankPasswords(path, text)).toBe(blank);
  expect(blankPasswords(path, blank)).toBe(blank);
});
