import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { LivesysError } from '@livesys/core/plugin';

import type { Firmware } from './arguments.ts';

export interface FirmwareFiles {
  readonly code: string;
  readonly variables: string;
}

/** Code and variables that belong together, best first. The 4M builds are the maintained ones. */
const PLAIN: readonly FirmwareFiles[] = [
  pair('/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'),
  pair('/usr/share/edk2/x64/OVMF_CODE.4m.fd', '/usr/share/edk2/x64/OVMF_VARS.4m.fd'),
  pair('/usr/share/edk2/ovmf/OVMF_CODE.fd', '/usr/share/edk2/ovmf/OVMF_VARS.fd'),
  pair('/usr/share/OVMF/OVMF_CODE.fd', '/usr/share/OVMF/OVMF_VARS.fd'),
];

/** With the vendor's keys enrolled, so that a signed shim is accepted and nothing else. */
const SECURE: readonly FirmwareFiles[] = [
  pair('/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'),
  pair('/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd', '/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd'),
  pair('/usr/share/OVMF/OVMF_CODE.secboot.fd', '/usr/share/OVMF/OVMF_VARS.ms.fd'),
];

type Exists = (path: string) => Promise<boolean>;

/** The firmware files of this machine, or nothing. */
export async function findFirmware(
  secureBoot: boolean,
  exists: Exists = isFile,
): Promise<FirmwareFiles | undefined> {
  for (const files of secureBoot ? SECURE : PLAIN) {
    if ((await exists(files.code)) && (await exists(files.variables))) return files;
  }
  return undefined;
}

/** Puts a private copy of the variables into `folder`, because the firmware writes to them. */
export async function prepareFirmware(
  kind: 'bios' | 'uefi' | 'uefi-secure',
  folder: string,
  exists: Exists = isFile,
): Promise<Firmware> {
  if (kind === 'bios') return { kind };
  const secureBoot = kind === 'uefi-secure';
  const files = await findFirmware(secureBoot, exists);
  if (!files) {
    const what = secureBoot ? 'UEFI firmware with Secure Boot' : 'UEFI firmware';
    throw new LivesysError('LIVESYS_TOOL_MISSING', `There is no ${what} for QEMU.`, {
      hint: 'Install ovmf (Debian, Ubuntu) or edk2-ovmf (Arch, Fedora), or use --firmware bios.',
    });
  }
  const variables = join(folder, 'variables.fd');
  await copyFile(files.variables, variables);
  return { kind: 'uefi', code: files.code, variables, secureBoot };
}

function pair(code: string, variables: string): FirmwareFiles {
  return { code, variables };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
