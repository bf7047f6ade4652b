import { describe, expect, it } from 'vitest';
import { Matcher } from '../rules/matcher.ts';
import { PEOPLES_OWN } from './peoples-own.ts';
import { SECRETS } from './secrets.ts';

const matcher = new Matcher({
  excludes: PEOPLES_OWN,
  include: [],
  secrets: SECRETS.flatMap(({ paths }) => paths),
});
const stays = (paths: string): readonly string[] =>
  paths
    .split(/\s+/)
    .filter((path) => path !== '' && matcher.judge(path, path.endsWith('/')) !== 'out');

/** By what it belongs to; places are those that the packages' own documentation names. */
const SECRET: Readonly<Record<string, string>> = {
  'a network': `/etc/NetworkManager/system-connections/home.nmconnection
    /var/lib/NetworkManager/secret_key /var/lib/iwd/home.psk /etc/wpa_supplicant.conf
    /etc/wpa_supplicant/wpa_supplicant-wlan0.conf /etc/netplan/50-cloud-init.yaml.bak
    /etc/netplan/old/01-netcfg.yaml /etc/systemd/network/99-wg0.netdev /etc/dhcpcd.secret
    /etc/dhcpcd.duid /var/lib/dhcpcd/duid /var/lib/dhcp/dhclient.eth0.leases
    /etc/sysconfig/network/ifcfg-wlan0 /boot/wpa_supplicant.conf /boot/firmware/network-config`,
  'a VPN': `/etc/wireguard/wg0.conf /etc/openvpn/client/work.conf /etc/openvpn/client/credentials
    /etc/openvpn/login.txt /etc/ipsec.secrets /etc/ipsec.d/work.secrets /etc/ipsec.d/key4.db
    /var/lib/ipsec/nss/key4.db /etc/swanctl/conf.d/work.conf /etc/swanctl/pkcs8/x.pem
    /etc/racoon/psk.txt /etc/ppp/chap-secrets /etc/ppp/peers/work /var/lib/tailscale/tailscaled.state
    /var/lib/zerotier-one/identity.secret /etc/netbird/config.json /var/lib/netbird/default.json
    /var/lib/cloudflare-warp/reg.json /var/lib/nordvpn/data/settings.dat
    /etc/mullvad-vpn/device.json /etc/netclient/netclient.json /etc/nebula/host.key`,
  'Kerberos, directories and file servers': `/etc/krb5.keytab /var/lib/krb5kdc/principal
    /etc/krb5kdc/stash /etc/sssd/sssd.conf /etc/sssd/conf.d/work.conf /var/lib/sss/db/cache_x.ldb
    /var/lib/sss/mc/passwd /var/lib/samba/private/secrets.tdb /var/lib/samba/passdb.tdb
    /etc/samba/secrets.tdb /var/cache/samba/netsamlogon_cache.tdb /etc/smbcredentials
    /etc/.smbcredentials /etc/nslcd.conf /etc/pam_ldap.conf /etc/autofs_ldap_auth.conf
    /etc/iscsi/nodes/iqn.x/1.2.3.4,3260,1/default /etc/rsyncd.secrets /etc/ceph/ceph.client.keyring`,
  mail: `/var/mail/anna /var/spool/postfix/maildrop/A1 /var/spool/postfix/deferred/1/1AB
    /var/spool/exim4/input/1-D /etc/msmtprc /etc/postfix/sasl_passwd.db /etc/ssmtp/ssmtp.conf
    /etc/nullmailer/remotes /etc/dma/auth.conf /etc/mail/authinfo.db /etc/smtpd/secrets
    /etc/opendkim/keys/example/mail.private /etc/dkimkeys/mail.private /var/lib/rspamd/dkim/x.key
    /etc/dovecot/users`,
  people: `/root/anything /home/anna/letter /var/spool/cron/crontabs/anna /var/spool/cron/anna
    /var/spool/cron/atjobs/a0000101 /var/spool/at/a0000101 /var/lib/sudo/lectured/anna
    /var/db/sudo/lectured/1000 /var/lib/AccountsService/users/anna /var/lib/plocate/plocate.db
    /var/lib/mlocate/mlocate.db /var/cache/locate/locatedb /var/spool/samba/job
    /var/lib/systemd/home/local.private /var/cache/cups/job.cache /etc/ssh/authorized_keys
    /srv/x/.google_authenticator /etc/users.oath /etc/u2f_mappings /etc/Yubico/u2f_keys`,
  'the machine': `/etc/machine-id /etc/hostid /etc/machine-info /var/lib/dbus/machine-id
    /var/lib/systemd/random-seed /boot/efi/loader/random-seed /boot/loader/random-seed
    /etc/credstore/x /etc/credstore.encrypted/x /var/lib/systemd/credential.secret
    /boot/efi/loader/credentials/x.cred /var/lib/systemd/pcrlock.json /var/lib/tpm2-pkcs11/x.sqlite3
    /var/lib/libvirt/swtpm/x/tpm2/state /var/lib/softhsm/tokens/x/token.object
    /var/lib/whoopsie/whoopsie-id /etc/udev/rules.d/70-persistent-net.rules /etc/zfs/zpool.cache
    /var/lib/fwupd/pki/secret.key /etc/ssh/ssh_host_rsa_key /etc/ssh/ssh_host_rsa_key-cert.pub
    /etc/dropbear/initramfs/dropbear_rsa_host_key /etc/dropbear-initramfs/authorized_keys
    /etc/tinyssh/sshkeydir/.ed25519.sk /var/lib/bluetooth/A/B/info /var/lib/boltd/keys/x`,
  keys: `/etc/letsencrypt/live/x/privkey.pem /etc/ssl/private/x.key /var/lib/dkms/mok.key
    /var/lib/shim-signed/mok/MOK.priv /var/lib/sbctl/keys/db/db.key /usr/share/secureboot/keys/PK/PK.key
    /etc/kernel/secure-boot-private-key.pem /etc/systemd/tpm2-pcr-private-key.pem
    /usr/src/linux/certs/signing_key.pem /etc/haproxy/certs/site.pem /etc/stunnel/stunnel.pem
    /etc/puppet/ssl/private_keys/x.pem /etc/salt/pki/minion/minion.pem /etc/xrdp/key.pem
    /etc/webmin/miniserv.pem /crypto_keyfile.bin /etc/disk.keyfile /keyfile /root.key
    /etc/zfs/keys/tank.key /var/db/tang/x.jwk /etc/app/server.keystore /.fscrypt/protectors/x`,
  services: `/var/lib/cloud/instances/i/user-data.txt /etc/cloud/cloud.cfg.d/99-installer.cfg
    /etc/cloud/cloud.cfg.d/90_dpkg_maas.cfg /boot/firmware/user-data /var/lib/waagent/Certificates.pem
    /var/lib/amazon/ssm/Vault/Store/x /var/lib/snapd/device/private-keys-v1/x /var/lib/snapd/cookie/x
    /var/lib/docker/containers/x/config.v2.json /var/lib/docker/volumes/x/_data/y
    /var/lib/containers/storage/secrets/filedriver/x /var/lib/containers/storage/volumes/x/_data/y
    /etc/containers/auth.json /var/lib/minikube/certs/ca.key /var/lib/etcd/member/snap/db
    /etc/libvirt/secrets/x.base64 /etc/gitlab/gitlab-secrets.json /etc/gitea/app.ini
    /etc/corosync/authkey /var/lib/rabbitmq/.erlang.cookie /etc/nginx/htpasswd /srv/x/.htpasswd-old
    /srv/www/wp-config.php /etc/wordpress/config-x.php /srv/x/prod.tfstate /srv/x/.vault_pass
    /var/lib/syncthing/.config/syncthing/key.pem /srv/x/.local/state/syncthing/key.pem
    /etc/rclone.conf /etc/restic/password /etc/duply/x/conf /etc/autorestic.yml /etc/bareos/bareos-dir.d/x.conf
    /etc/teamviewer/global.conf /etc/anydesk/system.conf /srv/x/.config/rustdesk/RustDesk.toml
    /usr/NX/etc/keys/host/x /etc/datadog-agent/datadog.yaml /var/ossec/etc/client.keys
    /etc/landscape/client.conf /etc/pki/consumer/key.pem /etc/zypp/credentials.d/SCC
    /usr/local/cargo/credentials.toml /etc/grub.d/01_password /boot/grub/user.cfg`,
  'what was written down': `/var/log/auth.log /var/crash/x.crash /var/lib/systemd/coredump/core.x
    /var/lib/apport/coredump/x /var/spool/abrt/x/coredump /var/lib/systemd/pstore/x/dmesg.txt
    /var/lib/wtmpdb/wtmp.db /var/lib/lastlog/lastlog2.db /var/lib/fail2ban/fail2ban.sqlite3
    /etc/shadow- /etc/shadow~ /etc/gshadow.bak /etc/shadow.dpkg-old /etc/passwd.old
    /var/backups/shadow.bak /etc/security/opasswd.old`,
};

describe.each(Object.entries(SECRET))('%s', (_, paths) => {
  it('is left out', () => {
    expect(stays(paths)).toEqual([]);
  });
});

it('what a system needs stays', () => {
  const paths = `/etc/shadow /etc/gshadow /etc/passwd /etc/group /etc/shadow-maint/ /etc/fstab
    /etc/network/interfaces /etc/netplan/01-netcfg.yaml /etc/netplan/
    /etc/systemd/network/20-wired.network /etc/trusted-key.key /etc/unbound/root.key
    /etc/ssh/sshd_config /etc/ssh/ssh_config.d/x.conf /usr/bin/htpasswd /etc/postfix/main.cf
    /var/spool/postfix/maildrop/ /var/spool/postfix/deferred/ /var/spool/cron/crontabs/
    /var/spool/cron/atjobs/.SEQ /var/spool/cron/ /var/lib/docker/overlay2/x/diff/etc/passwd
    /var/lib/samba/usershares/ /etc/credstore/ /var/lib/sudo/ /var/lib/plocate/ /etc/grub.d/10_linux
    /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/05_logging.cfg /usr/share/keyrings/x.gpg
    /etc/systemd/system/x.service /etc/ssl/certs/ca.pem /etc/ssl/openssl.cnf /usr/share/wordpress/wp-config.php /var/lib/snapd/state.json`;
  const all = paths.split(/\s+/).filter(Boolean);
  expect(all.filter((path) => !stays(path).includes(path))).toEqual([]);
});
