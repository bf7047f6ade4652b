import type { SecretRule } from '../contract/secret-rule.ts';

/** What people and package managers keep their keys and passwords in. */
export const KEY_RINGS: readonly SecretRule[] = [
  {
    kind: 'a key ring or wallet',
    paths: [
      '*.kdb',
      '*.kdbx',
      '**/.bitcoin/*',
      '**/.config/Bitwarden*/*',
      '**/.config/op/*',
      '**/.electrum/*',
      '**/.gnupg/*',
      '**/.kde*/share/apps/kwallet/*',
      '**/.local/share/keyrings/*',
      '**/.local/share/kwalletd/*',
      '**/.password-store/*',
      '**/.pki/*',
      '/etc/pacman.d/gnupg/openpgp-revocs.d/*',
      '/etc/pacman.d/gnupg/private-keys-v1.d/*',
      '/etc/pacman.d/gnupg/secring.gpg',
    ],
  },
];
