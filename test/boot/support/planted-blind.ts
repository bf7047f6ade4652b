/**
 * Secrets in places that real machines keep them in, to be searched for in the finished layers.
 *
 * The kinds were chosen without looking at the patterns that leave secrets out: only so does a find
 * tell something about a machine nobody has thought of. Whoever adds to the patterns plants nothing
 * here, and whoever plants here does not read the patterns. When they were first searched for, 32 of
 * the 41 were in no byte of the image to hand on. The other nine have patterns since, so that they
 * show no more how good these are: zabbix, mosquitto, pgbouncer, s3fs, iscsi, libvirt, apt, systemd, git.
 *
 * Paths and file forms are those of the programs' own manuals or of their Debian packages. Nothing
 * here is needed for a boot. Every content is ASCII, so its bytes are the same in every encoding.
 */

interface Planted {
  readonly owner: 'root' | 'user';
  readonly mode: number;
  /** The bytes that may be in no layer; they stand in `content` once, unbroken. */
  readonly secret: string;
  readonly content: string;
}

type Form = (secret: string) => string;

const root = (mode: number, secret: string, form: Form): Planted => ({
  owner: 'root',
  mode,
  secret,
  content: form(secret),
});

const user = (mode: number, secret: string, form: Form): Planted => ({
  owner: 'user',
  mode,
  secret,
  content: form(secret),
});

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** A key as PEM has it; the secret is one of its base64 lines, so it holds no hyphen. */
const pem = (kind: string, secret: string): string =>
  lines(
    `-----BEGIN ${kind}-----`,
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7',
    secret,
    `-----END ${kind}-----`,
  );

const DAEMONS: Readonly<Record<string, Planted>> = {
  '/etc/bind/rndc.key': root(0o640, 'blind-01-Tz4mWq8R', (s) =>
    lines('key "rndc-key" {', '\talgorithm hmac-sha256;', `\tsecret "${s}";`, '};'),
  ),
  '/etc/hostapd/hostapd.conf': root(0o644, 'blind-02-hG7xNc3e', (s) =>
    lines('interface=wlan0', 'ssid=attic', 'wpa=2', 'wpa_key_mgmt=WPA-PSK', `wpa_passphrase=${s}`),
  ),
  '/var/lib/snmp/snmpd.conf': root(0o600, 'blind-03-Lp0vKd5y', (s) =>
    lines(`createUser watcher SHA "${s}" AES`, 'engineBoots 12'),
  ),
  '/etc/zabbix/zabbix_agentd.psk': root(0o640, 'b11d04c7e92a5f6038d1', (s) => lines(s)),
  '/etc/datadog-agent/datadog.yaml': root(0o640, 'b11d05a3f8840d6c71e9', (s) =>
    lines(`api_key: ${s}`, 'site: datadoghq.eu', 'hostname: attic'),
  ),
  '/etc/mosquitto/conf.d/bridge.conf': root(0o644, 'blind-06-Wb2kJr9s', (s) =>
    lines(
      'connection cloud',
      'address mqtt.example.org:8883',
      'topic # out 1',
      'remote_username attic',
      `remote_password ${s}`,
    ),
  ),
  '/var/lib/rabbitmq/.erlang.cookie': root(0o400, 'BLINDQXHVUZLTKWRPEYA', (s) => s),
  '/etc/pgbouncer/userlist.txt': root(0o640, 'blind-08-Fy6tQn1a', (s) => lines(`"shop" "${s}"`)),
  '/etc/exim4/passwd.client': root(0o640, 'blind-09-Dm3zUo7c', (s) =>
    lines('# target.mail.server.example:login:password', `smtp.example.org:attic:${s}`),
  ),
  '/etc/dkimkeys/2024.private': root(0o600, 'blind10RkVx4TgPz8w', (s) => pem('PRIVATE KEY', s)),
  '/etc/krb5kdc/stash': root(
    0o600,
    'blind-11-Xe5bHs0j',
    // A keytab: version 5.2, one entry of principal K/M.
    (s) => `\x05\x02\0\0\0\x44\0\x02\0\x0bEXAMPLE.ORG\0\x01K\0\x01M\0\0\0\x01\0\x12\0\x11${s}`,
  ),
  '/var/lib/samba/private/secrets.tdb': root(
    0o600,
    'blind-12-Ov8nYi2f',
    (s) =>
      `TDB file\n${'\0'.repeat(168)}SECRETS/MACHINE_PASSWORD/ATTIC\0${s}\0${'BBBB'.repeat(64)}`,
  ),
  '/var/lib/tor/shop/hs_ed25519_secret_key': root(
    0o600,
    'blind-13-Cq1wMt6uEj4gLa9rZs7dPk3h',
    (s) => `== ed25519v1-secret: type0 ==\0\0\0${s}`,
  ),
  '/var/lib/zerotier-one/identity.secret': root(
    0o600,
    'b11d14fe60d97c2b35a8',
    (s) => `9d219039f3:0:1a70c2f4e8b35d96:${s}`,
  ),
  '/etc/openvpn/client/office.conf': root(0o644, 'blind15JnZs7LdQm3k', (s) =>
    lines(
      'client',
      'dev tun',
      'remote vpn.example.org 1194',
      `<key>\n${pem('PRIVATE KEY', s)}</key>`,
    ),
  ),
  '/etc/haproxy/certs/shop.example.org.pem': root(0o640, 'blind16VuBw5HxTc2o', (s) =>
    pem('CERTIFICATE', 'MIIDdzCCAl').concat(pem('RSA PRIVATE KEY', s)),
  ),
};

const MAINTENANCE: Readonly<Record<string, Planted>> = {
  '/etc/bacula/bacula-fd.conf': root(0o640, 'blind-17-Sa9eGf4l', (s) =>
    lines('Director {', '  Name = attic-dir', `  Password = "${s}"`, '}'),
  ),
  '/root/.duply/server/conf': root(0o600, 'blind-18-Pi6rZk2x', (s) =>
    lines("GPG_KEY='disabled'", `GPG_PW='${s}'`, "TARGET='sftp://backup.example.org/attic'"),
  ),
  '/etc/passwd-s3fs': root(0o600, 'blind-19-Nw3cTb8m', (s) => lines(`AKIDATTIC:${s}`)),
  '/etc/gitlab-runner/config.toml': root(0o600, 'blind-20-Uy7hDv1q', (s) =>
    lines('concurrent = 1', '', '[[runners]]', '  name = "attic"', `  token = "${s}"`),
  ),
  '/var/lib/jenkins/secrets/master.key': root(0o600, 'b11d21960e4da7f3c58b', (s) => s),
  '/etc/salt/pki/minion/minion.pem': root(0o400, 'blind22EoMy0WrKf6z', (s) =>
    pem('RSA PRIVATE KEY', s),
  ),
  '/etc/users.oath': root(0o600, 'b11d2385ca17e0f4d962', (s) => lines(`HOTP/T30/6 mira - ${s}`)),
  '/etc/iscsi/iscsid.conf': root(0o600, 'blind-24-Gx2sVp5n', (s) =>
    lines(
      'node.startup = manual',
      'node.session.auth.authmethod = CHAP',
      'node.session.auth.username = attic',
      `node.session.auth.password = ${s}`,
    ),
  ),
  '/var/lib/dkms/mok.key': root(0o600, 'blind25HtCa8YqNj1v', (s) => pem('PRIVATE KEY', s)),
  '/etc/cups/printers.conf': root(0o600, 'blind-26-Rb4uLw9g', (s) =>
    lines(
      '<Printer floor2>',
      `DeviceURI smb://mira:${s}@print.example.org/floor2`,
      'State Idle',
      '</Printer>',
    ),
  ),
  '/etc/libvirt/qemu/windows.xml': root(0o600, 'blind-27-Kz8dXo3t', (s) =>
    lines(
      "<domain type='kvm'>",
      '  <name>windows</name>',
      `  <devices><graphics type='vnc' port='-1' passwd='${s}'/></devices>`,
      '</domain>',
    ),
  ),
  // A proxy of one host only, so that apt itself goes on working.
  '/etc/apt/apt.conf.d/80proxy': root(0o644, 'blind-28-Mf1yEc6p', (s) =>
    lines(
      `Acquire::http::Proxy::packages.example.org "http://attic:${s}@proxy.example.org:3128/";`,
    ),
  ),
  '/etc/systemd/system/report.service.d/override.conf': root(0o644, 'blind-29-Iv5jSh0w', (s) =>
    lines('[Service]', `Environment=REPORT_TOKEN=${s}`),
  ),
  '/etc/.git/config': root(0o644, 'blind-30-Bq7gRx4u', (s) =>
    lines('[remote "origin"]', `\turl = https://etckeeper:${s}@git.example.org/attic.git`),
  ),
  // The dump that an upgrade of slapd leaves behind.
  '/var/backups/slapd-2.4.57+dfsg-3+deb11u1/dc=example,dc=org.ldif': root(
    0o600,
    'blind31ZlJp2NkUd7a',
    (s) =>
      lines(
        'dn: cn=admin,dc=example,dc=org',
        'objectClass: simpleSecurityObject',
        `userPassword:: ${s}`,
      ),
  ),
  '/var/www/html/wp-config.php': root(0o640, 'blind-32-Ye9tOm3b', (s) =>
    lines('<?php', "define( 'DB_NAME', 'shop' );", `define( 'DB_PASSWORD', '${s}' );`),
  ),
};

const HOME: Readonly<Record<string, Planted>> = {
  '/home/mira/.config/filezilla/sitemanager.xml': user(0o600, 'blind33WdKs6VeHq1c', (s) =>
    lines(
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<FileZilla3><Servers><Server><Host>ftp.example.org</Host><User>mira</User>',
      `<Pass encoding="base64">${s}</Pass></Server></Servers></FileZilla3>`,
    ),
  ),
  '/home/mira/.purple/accounts.xml': user(0o600, 'blind-34-Aj2xFn8r', (s) =>
    lines(
      "<?xml version='1.0' encoding='UTF-8' ?>",
      "<account version='1.0'><account><protocol>prpl-jabber</protocol>",
      `<name>mira@example.org/</name><password>${s}</password></account></account>`,
    ),
  ),
  '/home/mira/.m2/settings.xml': user(0o644, 'blind-35-Th6pCy0k', (s) =>
    lines(
      '<settings><servers><server><id>releases</id><username>mira</username>',
      `<password>${s}</password></server></servers></settings>`,
    ),
  ),
  '/home/mira/.config/remmina/remmina.pref': user(0o600, 'blind36GzQw4BmLx9e', (s) =>
    lines('[remmina_pref]', `secret=${s}`, 'save_view_mode=true'),
  ),
  '/home/mira/.config/obs-studio/basic/profiles/Untitled/service.json': user(
    0o644,
    'blind-37-Vo3kUi7d',
    (s) =>
      lines(`{"settings":{"key":"${s}","server":"auto","service":"Twitch"},"type":"rtmp_common"}`),
  ),
  '/home/mira/.config/Signal/config.json': user(0o600, 'b11d38d40f7ea2965bc3', (s) =>
    lines('{', `  "key": "${s}",`, '  "mediaPermissions": true', '}'),
  ),
  '/home/mira/.local/share/containers/storage/secrets/filedriver/secretsdata.json': user(
    0o600,
    'blind39XrEv1SyOt5f',
    (s) => `{"3c8a70d1b94e52f6a0d7e81c2":"${s}"}`,
  ),
  '/home/mira/.psql_history': user(0o600, 'blind-40-Jc8wHg2z', (s) =>
    lines('\\du', `ALTER ROLE shop WITH PASSWORD '${s}';`, '\\q'),
  ),
  '/home/mira/.config/environment.d/50-tokens.conf': user(0o644, 'blind-41-Qs5aPl9i', (s) =>
    lines('EDITOR=vim', `HCLOUD_TOKEN=${s}`),
  ),
};

/** Path to what is planted there. */
export const PLANTED_BLIND: Readonly<Record<string, Planted>> = {
  ...DAEMONS,
  ...MAINTENANCE,
  ...HOME,
};
