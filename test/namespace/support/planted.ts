/**
 * Kinds that the patterns did not know when these were planted; whoever adds to the patterns plants
 * nothing here, and the other way round.
 */
const FOREIGN = [
  '/etc/chrony/chrony.keys',
  '/etc/hostapd/hostapd.conf',
  '/etc/nut/upsd.users',
  '/etc/restic/password',
  '/etc/x11vnc.pass',
  '/opt/tool/.dockercfg',
  '/srv/backup/id_rsa',
  '/var/lib/docker/swarm/certificates/swarm-node.key',
  '/var/lib/fprint/anna/driver/7',
  '/var/lib/tor/site/hs_ed25519_secret_key',
];

/** Where secrets lie in a system, each with a text that lies nowhere else. */
export const PLANTED: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...FOREIGN,
    '/etc/NetworkManager/system-connections/Café.nmconnection',
    '/etc/apt-like/server.key',
    '/etc/machine-id',
    '/etc/pacman.d/gnupg/openpgp-revocs.d/A.rev',
    '/etc/pacman.d/gnupg/private-keys-v1.d/A.key',
    '/etc/shadow-',
    '/etc/ssh/ssh_host_ed25519_key',
    '/etc/wireguard/wg0.conf',
    '/home/anna/.aws/credentials',
    '/home/anna/.bash_history',
    '/home/anna/.gnupg/private-keys-v1.d/A.key',
    '/home/anna/.local/share/keyrings/login.keyring',
    '/home/anna/.mozilla/firefox/x.default/logins.json',
    '/home/anna/.ssh/id_ed25519',
    '/home/anna/letter',
    '/home/anna/projects/.env',
    '/home/anna/projects/deep/.git-credentials',
    '/root/.docker/config.json',
    '/root/notes',
    '/srv/site/.htpasswd',
    '/var/lib/bluetooth/AA:BB/CC:DD/info',
    '/var/lib/iwd/home.psk',
    '/var/log/auth.log',
    '/var/log/journal/x/system.journal',
    '/var/mail/anna',
    '/var/lib/plocate/plocate.db',
    '/var/lib/docker/containers/x/config.v2.json',
    '/etc/netplan/50-cloud-init.yaml.bak',
    '/etc/npmrc',
    '/var/lib/snapd/cookie/snap.x',
    '/etc/network/interfaces.d/keys-of-wlan0.key',
    '/var/lib/sbctl/keys/db/db.key',
  ].map((path, index) => [path, `planted-${index}-q7Zr4vXw`]),
);

/** The hash of a password, in a file that stays. */
export const HASH = '$y$j9T$planted-hash-q7Zr4vXw';

const hidden = (number: number): string => `planted-inside-${number}-q7Zr4vXw`;

const NETPLAN = `network:
  ethernets:
    e:
      dhcp4: true
      auth:
        password: "?"`;

/** Files that stay, with a secret in each, and what else must stay of them. */
export const PLANTED_INSIDE: readonly {
  readonly path: string;
  readonly text: string;
  readonly secret: string;
  readonly stays: string;
}[] = [
  ['/etc/apt/sources.list', 'deb https://me:?@apt.example.org/x trixie main', 'apt.example.org/x'],
  ['/etc/apt/sources.list.d/x.sources', 'URIs: https://?@apt.example.org/x', 'URIs: https://apt'],
  ['/etc/apt/apt.conf.d/90x', 'Acquire::http::Proxy "http://me:?@proxy:3128";', '"http://proxy'],
  ['/etc/environment', 'https_proxy=http://me:?@proxy:3128/', 'https_proxy=http://proxy'],
  ['/etc/environment.d/50-x.conf', 'X_TOKEN=?', 'X_TOKEN='],
  ['/etc/gitconfig', '[url "https://?@git.example.org/"]', '"https://git'],
  ['/etc/netplan/01-netcfg.yaml', NETPLAN, 'dhcp4: true'],
  ['/etc/network/interfaces.d/wlan0', 'iface wlan0 inet dhcp\n wpa-psk ?', 'iface wlan0'],
  ['/etc/profile.d/[ü]*.sh', 'A_TOKEN=?', 'A_TOKEN='],
  ['/etc/pacman.d/mirrorlist', 'Server = https://me:?@mirror.example.org/$repo', '$repo'],
  ['/etc/profile.d/x.sh', 'export DB_PASSWORD="?"', 'export DB_PASSWORD='],
  ['/etc/systemd/system/x.service', 'ExecStart=/x --token=? run', '--token= run'],
  ['/etc/systemd/system/x.service.d/x.conf', 'Environment="X_TOKEN=?" A=1', 'A=1'],
  ['/etc/wgetrc', 'proxy_password = ?\ntries = 3', 'tries = 3'],
  ['/var/lib/snapd/state.json', '{"data":{"auth":{"macaroon-key":"?"},"snaps":{}}}', '"snaps":{}'],
].map(([path = '', text = '', stays = ''], index) => ({
  ...{ path, stays, secret: hidden(index) },
  text: `${text.replace('?', hidden(index))}\n`,
}));

/** Who was logged in without being asked. */
export const LOGGED_IN: Readonly<Record<string, string>> = {
  '/etc/gdm3/daemon.conf': '[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=nobody-at-home\n',
  '/etc/greetd/config.toml': '[initial_session]\nuser = "nobody-at-home"\n',
  '/etc/lightdm/lightdm.conf.d/x.conf': '[Seat:*]\nautologin-user=nobody-at-home\n',
  '/etc/sddm.conf.d/x.conf': '[Autologin]\nUser=nobody-at-home\n',
  '/etc/systemd/system/getty@tty1.service.d/x.conf':
    '[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin nobody-at-home %I\n',
};
