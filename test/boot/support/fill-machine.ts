import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FILL_DESKTOP, TELL_DESKTOP } from './desktop.ts';
import type { Kind } from './kinds.ts';
import { OUTPUT, PERSON, PROJECT, type RunningMachine, SUDOERS } from './running-machine.ts';

/** Where every kind of file lies that an image must hold as it is. */
const ODD = `'/srv/odd {%} *'`;

/** What somebody who uses a machine has done to it. */
const fill = ({ admins, settings }: Kind): string => `ip link set lo up
echo mira-desk >/etc/hostname
printf '127.0.0.1 localhost\\n127.0.1.1 mira-desk\\n' >/etc/hosts
groupadd --force audio
useradd --create-home --user-group --uid ${PERSON.id} --groups ${admins},audio --shell /bin/bash ${PERSON.name}
mkdir -p /var/log/journal ${PROJECT} ${ODD}
${Object.entries(settings)
  .map(([path, line]) => `echo '${line}' >${path}`)
  .join('\n')}
ln -sf /usr/share/zoneinfo/Europe/Vienna /etc/localtime
cd ${ODD}
echo one >one
ln one two
echo listed >listed
setfacl -m u:${PERSON.name}:r listed
mkdir shared
setfacl -m g:audio:rwx,d:g:audio:rwx shared
truncate --size=48M sparse
printf end >>sparse
mknod device c 1 3
mknod disk b 240 7
mkfifo pipe
chmod 640 disk pipe
cp /usr/bin/id capable
setcap cap_net_raw,cap_net_admin+ep capable
echo noted >noted
setfattr -n user.note -v 0x00ff0a noted
echo owned >owned
chown 12345:54321 owned
chmod 4751 owned
mkdir -m 3770 kept
chown 0:audio kept
touch -d '2001-02-03 04:05:06.789' kept owned
ln -s '../odd {%} */nowhere' link
printf 'name' >"$(printf 'new\\nline \\\\ \\303\\274 \\377')"
touch /home/${PERSON.name}/.sudo_as_admin_successful
chown -R ${PERSON.name}: /home/${PERSON.name}`;

/** Tells what is the same in the machine and in every live system that is made of it. */
const tellSame = ({ packages, settings }: Kind): string => `sum() { sha256sum | cut -c 1-16; }
echo "packages=$(${packages} | sum)"
echo "settings=$(cat ${Object.keys(settings).join(' ')} | tr '\\n' ' ')"
echo "time-zone=$(readlink /etc/localtime)"
echo "target=$(basename "$(readlink -f /usr/lib/systemd/system/default.target)")"
echo "account=$(id ${PERSON.name})"
cd ${ODD}
echo "names=$(find . -printf '%P %y %m %U %G %l\\0' | sort -z | sum)"
echo "contents=$(cat one two listed noted owned new* capable | sum)"
echo "links=$(stat -c %h one) $([ one -ef two ] && echo same)"
echo "lists=$(getfacl --omit-header listed shared | tr '\\n' ' ')"
echo "sparse=$(stat -c %s sparse) $(sum <sparse)"
echo "devices=$(stat -c '%n %F %t:%T' device disk pipe | tr '\\n' ' ')"
echo "capabilities=$(getcap capable)"
echo "attribute=$(getfattr --only-values -n user.note noted | od -An -tx1)"
echo "times=$(stat -c %Y kept owned | tr '\\n' ' ')"`;

/** Tells by what a machine, and its person, can be known. */
const TELL_IDENTITY = `echo "machine-id=$(cat /etc/machine-id)"
echo "host-name=$(cat /etc/hostname)"
echo "host-key=$(cut -d ' ' -f 2 /etc/ssh/ssh_host_ed25519_key.pub)"
echo "password=$(grep '^${PERSON.name}:' /etc/shadow | cut -d : -f 2)"
# Of what is there a desktop that has begun makes more.
echo "home=$(find /home/${PERSON.name} -path ${PROJECT} -prune -o ! -iname '.x*' -print 2>/dev/null | wc -l)"
echo "key=$(cut -c 1-60 /home/${PERSON.name}/.ssh/id_ed25519.pub 2>/dev/null)"
echo "live-user=$(getent passwd live | cut -d : -f 1)"`;

/** What a machine tells of itself; a guest tells the same. */
export const tell = (kind: Kind): string => `${tellSame(kind)}\n${TELL_IDENTITY}`;

/** What a guest tells beside, as the script for the job of a boot. */
export const tellInGuest = (kind: Kind): string =>
  kind.desktop ? `${tell(kind)}\n${TELL_DESKTOP}` : tell(kind);

/** Facts that an image to hand on has of its own. */
export const IDENTITY: readonly string[] = [...TELL_IDENTITY.matchAll(/^echo "([\w-]+)=/gm)].map(
  ([, key = '']) => key,
);

/** Makes a machine one that is in use, and gives its person the config of an image for each identity. */
export async function fillMachine(machine: RunningMachine, kind: Kind): Promise<void> {
  await machine.shell(kind.desktop ? `${fill(kind)}\n${FILL_DESKTOP}` : fill(kind));
  for (const identity of ['reset', 'keep'])
    writeFileSync(join(machine.output, `${identity}.config.ts`), config(identity));
  writeFileSync(join(machine.output, 'sudoers'), SUDOERS);
  await machine.shell(`install -m 440 ${OUTPUT}/sudoers /etc/sudoers.d/${PERSON.name}
install -o ${PERSON.name} -g ${PERSON.name} ${OUTPUT}/*.config.ts ${PROJECT}
rm ${OUTPUT}/sudoers ${OUTPUT}/*.config.ts`);
}

/** Without compression, so that what is in the image can be searched for. */
function config(identity: string): string {
  return `import { defineConfig, iso } from 'livesys';

export default defineConfig({
  identity: '${identity}',
  compression: 'none',
  layers: { probe: { files: '/run/livesys-checkout/test/boot/support/probe' } },
  profiles: { live: { layers: ['probe'], default: true } },
  outputs: [iso({ file: '${identity}.iso' })],
});
`;
}

/** What {@link TELL} printed. */
export function factsOf(printed: string): ReadonlyMap<string, string> {
  return new Map(
    [...printed.matchAll(/^([\w-]+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
}
