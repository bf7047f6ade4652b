import type { SecretRule } from '../contract/secret-rule.ts';

const NETWORK = 'a Wi-Fi network';
const VPN = 'a VPN';

/** What tells which machine this is, whom it knows, and how it comes into networks. */
export const SECRETS_OF_THE_MACHINE: readonly SecretRule[] = [
  {
    kind: 'an older password file',
    paths: [
      '/etc/*shadow-',
      '/etc/*shadow[.~+]*',
      '/etc/group-',
      '/etc/group[.~+]*',
      '/etc/passwd-',
      '/etc/passwd[.~+]*',
      '/etc/security/opasswd*',
    ],
  },
  {
    kind: 'an older state of the system',
    paths: ['/etc/.bzr/*', '/etc/.git/*', '/etc/.hg/*', '/var/backups/*'],
  },
  {
    kind: 'a host key of SSH',
    paths: [
      '/etc/dropbear-initramfs/*',
      '/etc/dropbear/initramfs/*',
      '/etc/ssh/*_key-cert.pub',
      '/etc/tinyssh/sshkeydir/*',
    ],
  },
  {
    kind: 'SSH of a person',
    paths: ['/etc/ssh/authorized_keys*', '/etc/dropbear/authorized_keys'],
  },
  {
    kind: 'the identity of the machine',
    paths: [
      '**/loader/credentials/*',
      '**/loader/random-seed',
      '/etc/credstore.encrypted/*',
      '/etc/credstore/*',
      '/etc/insights-client/machine-id',
      '/etc/machine-info',
      '/etc/tpm2-pkcs11/*',
      '/etc/udev/rules.d/70-persistent-*.rules',
      '/etc/zfs/zpool.cache',
      '/opt/CrowdStrike/falconstore*',
      '/var/lib/libvirt/swtpm/*',
      '/var/lib/systemd/home/*.identity',
      '/var/lib/systemd/home/local.private',
      '/var/lib/systemd/pcrlock*',
      '/var/lib/tpm2-pkcs11/*',
      '/var/lib/whoopsie/*',
    ],
  },
  {
    kind: NETWORK,
    paths: [
      '/boot/firmware/network-config',
      '/boot/firmware/wpa_supplicant.conf',
      '/boot/network-config',
      '/boot/wpa_supplicant.conf',
      '/etc/sysconfig/network-scripts/keys-*',
      '/etc/sysconfig/network/ifcfg-wl*',
      '/etc/wicd/*settings*',
      '/etc/wpa_supplicant.conf',
    ],
  },
  {
    kind: 'a network that it was in',
    paths: [
      '/etc/dhcpcd.duid',
      '/etc/dhcpcd.secret',
      '/var/lib/dhclient/*',
      '/var/lib/dhcp/*',
      '/var/lib/dhcpcd/*',
    ],
  },
  {
    kind: NETWORK,
    baseOnly: true,
    // netplan reads no others; what is secret in those is taken out of them.
    paths: ['/etc/hostapd/*.conf', '/etc/netplan/*', '!/etc/netplan/*.yaml'],
  },
  {
    kind: VPN,
    paths: [
      '/etc/amnezia/*',
      '/etc/ipsec.d/*.secrets',
      '/etc/mullvad-vpn/*',
      '/etc/netbird/*',
      '/etc/netclient/*',
      '/etc/openvpn/**/*cred*',
      '/etc/openvpn/**/*login*',
      '/etc/openvpn/**/*secret*',
      '/etc/ppp/peers/*',
      '/etc/racoon/psk.txt',
      '/etc/shadowsocks*/*.json',
      '/etc/sing-box/*',
      '/etc/swanctl/*/*.pem',
      '/etc/swanctl/conf.d/*',
      '/etc/swanctl/ecdsa/*',
      '/etc/swanctl/pkcs12/*',
      '/etc/swanctl/pkcs8/*',
      '/etc/systemd/network/*vpn*.netdev',
      '/etc/systemd/network/*wg*.netdev',
      '/etc/systemd/network/*wireguard*.netdev',
      '/opt/piavpn/etc/*',
      '/var/lib/cloudflare-warp/*',
      '/var/lib/headscale/*',
      '/var/lib/ipsec/nss/*',
      '/var/lib/netbird/*',
      '/var/lib/nordvpn/*',
      '/var/lib/softether/*',
    ],
  },
  {
    kind: VPN,
    baseOnly: true,
    paths: [
      '/etc/ipsec.secrets',
      '/etc/openfortivpn/config',
      '/etc/ppp/*-secrets',
      '/etc/swanctl/swanctl.conf',
      '/etc/vpnc/*.conf',
    ],
  },
  { kind: 'paired devices', paths: ['/var/lib/boltd/*'] },
  {
    kind: 'the key of an encrypted disk',
    paths: [
      '/*.key',
      '/*keyfile*',
      '/.fscrypt/*',
      '/boot/*keyfile*',
      '/etc/**/*keyfile*',
      '/etc/zfs/keys/*',
    ],
  },
  {
    kind: 'mail that waits',
    paths: [
      ...['active', 'bounce', 'corrupt', 'defer', 'deferred', 'hold', 'incoming', 'maildrop'].map(
        (queue) => `/var/spool/postfix/${queue}/*`,
      ),
      '/var/spool/exim4/input/*',
      '/var/spool/exim4/msglog/*',
      '/var/spool/nullmailer/queue/*',
    ],
  },
  {
    kind: 'an index of names of files',
    paths: [
      '/var/cache/locate/*',
      '/var/lib/mlocate/*',
      '/var/lib/plocate/*.db',
      '/var/lib/slocate/*',
    ],
  },
  {
    kind: 'a log',
    paths: [
      '/var/lib/apport/coredump/*',
      '/var/lib/fail2ban/*.sqlite3',
      '/var/lib/lastlog/*',
      '/var/lib/systemd/pstore/*',
      '/var/lib/wtmpdb/*',
      '/var/spool/abrt/*',
    ],
  },
];
