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
    '/etc/netplan/50-cloud-init.yaml',
    '/var/lib/sbctl/keys/db/db.key',
  ].map((path, index) => [path, `planted-${index}-q7Zr4vXw`]),
);

/** The hash of a password, in a file that stays. */
export const HASH = '$y$j9T$planted-hash-q7Zr4vXw';
