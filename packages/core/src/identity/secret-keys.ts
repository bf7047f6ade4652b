import type { SecretRule } from '../contract/secret-rule.ts';

/** Keys of certificates and of disks. */
export const SECRET_KEYS: readonly SecretRule[] = [
  {
    kind: 'a private key',
    paths: [
      '*.jks',
      '*.keytab',
      '*.p12',
      '*.pfx',
      '/etc/**/*.key',
      // Public keys that programs of DNS trust.
      '!/etc/named.root.key',
      '!/etc/trusted-key.key',
      '!/etc/unbound/root.key',
      '/etc/**/*privkey*',
      '/etc/chrony.keys',
      '/etc/letsencrypt/*',
      '/etc/ntp.keys',
      '/etc/ntp/keys',
      '/etc/pki/tls/private/*',
      '/etc/ssl/private/*',
      '/etc/tinc/**/*.priv',
      '/var/lib/acme/*',
      '/var/lib/caddy/*',
      '/var/lib/tor/**/*secret*',
      '/var/lib/tor/keys/*',
      '**/.chef/*.pem',
      '**/.acme.sh/*',
    ],
  },
  {
    kind: 'the key of an encrypted disk',
    paths: [
      '/boot/*.keyfile',
      '/boot/crypto_keyfile*',
      '/crypto_keyfile*',
      '/etc/clevis/*',
      '/etc/cryptsetup-keys.d/*',
      '/etc/keys/*',
      '/etc/luks/*',
    ],
  },
];
