import type { SecretRule } from '../contract/secret-rule.ts';

/** How the machine is known to others, and how it reaches them. */
export const SECRETS_OF_CONNECTIONS: readonly SecretRule[] = [
  {
    kind: 'a host key of SSH',
    paths: ['/etc/dropbear/dropbear_*', '/etc/ssh/*_key', '/etc/ssh/*_key.pub'],
  },
  {
    kind: 'SSH of a person',
    paths: [
      'id_dsa',
      'id_ecdsa',
      'id_ecdsa_sk',
      'id_ed25519',
      'id_ed25519_sk',
      'id_rsa',
      '**/.ssh/*',
    ],
  },
  {
    kind: 'the identity of the machine',
    paths: [
      '/etc/hostid',
      '/etc/iscsi/initiatorname.iscsi',
      '/etc/machine-id',
      '/etc/nvme/host*',
      '/var/lib/dbus/machine-id',
      '/var/lib/fprint/*',
      '/var/lib/systemd/credential.secret',
      '/var/lib/systemd/random-seed',
      '/var/lib/systemd/tpm2-*',
      '/var/lib/tailscale/*',
      '/var/lib/tpm/*',
      '/var/lib/zerotier-one/*',
    ],
  },
  {
    kind: 'a Wi-Fi network',
    paths: [
      '/etc/NetworkManager/system-connections/*',
      '/etc/hostapd/*psk*',
      '/etc/netctl/*',
      '!/etc/netctl/*/',
      '/etc/wpa_supplicant/*.conf',
      '/run/NetworkManager/system-connections/*',
      '/var/lib/NetworkManager/*',
      '/var/lib/connman/*',
      '/var/lib/iwd/*',
    ],
  },
  {
    kind: 'a VPN',
    paths: [
      '/etc/ipsec.d/private/*',
      '/etc/openvpn/**/*.conf',
      '/etc/openvpn/**/*.ovpn',
      '/etc/openvpn/**/*auth*',
      '/etc/openvpn/**/*pass*',
      '/etc/strongswan.d/*secret*',
      '/etc/swanctl/private/*',
      '/etc/swanctl/rsa/*',
      '/etc/wireguard/*',
      '**/.cert/nm-openvpn/*',
    ],
  },
  { kind: 'paired devices', paths: ['/var/lib/bluetooth/*'] },
];
