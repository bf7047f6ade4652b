/** One variable in a file of UEFI variables, as EDK2 keeps it (authenticated variable store). */
export interface EfiVariable {
  readonly name: string;
  readonly vendor: string;
  readonly data: Buffer;
}

const HEADER = 60;
const START = 0x55aa;
/** The state of a variable that was neither replaced nor deleted. */
const ADDED = 0x3f;

/**
 * Reads the variables of an OVMF_VARS file. The firmware itself writes some at every start, so the
 * file's hash says nothing; its variables do.
 */
export function readEfiVariables(file: Buffer): EfiVariable[] {
  const variables: EfiVariable[] = [];
  // Firmware volume header with its own length at 48, then 28 bytes of variable store header.
  for (let at = file.readUInt16LE(48) + 28; at + HEADER < file.length;) {
    if (file.readUInt16LE(at) !== START) break;
    const nameSize = file.readUInt32LE(at + 36);
    const dataSize = file.readUInt32LE(at + 40);
    const name = at + HEADER;
    const data = name + nameSize;
    if (file[at + 2] === ADDED) {
      variables.push({
        name: file.subarray(name, data - 2).toString('utf16le'),
        vendor: formatGuid(file.subarray(at + 44, at + 60)),
        data: Buffer.from(file.subarray(data, data + dataSize)),
      });
    }
    at = align(data + dataSize);
  }
  return variables;
}

/** Media file names in a device path are UTF-16. */
const EFI_FOLDER = Buffer.from('\\EFI\\', 'utf16le');

/** Vendors whose variables EDK2 itself writes while it starts. */
const FIRMWARE_VENDORS: ReadonlySet<string> = new Set([
  '8be4df61-93ca-11d2-aa0d-00e098032b8c', // the specification's own: boot options, consoles
  'd719b2cb-3d3a-4596-a3bc-dad00e67656f', // key databases
  'c076ec0c-7028-4399-a072-71ee5c448b9f', // custom mode of Secure Boot
  'f0a30bc7-af08-4556-99c4-001009c93a44', // Secure Boot switch
  'd9bee56e-75dc-49d9-b4d7-b534210f637a', // certificate database
  '9073e4e0-60ec-4b6e-9903-4c223c260f3c', // vendor keys
  'eb704011-1402-11d3-8e77-00a0c969723b', // monotonic counter
  '59324945-ec44-4c0d-b1cd-9db139df070c', // iSCSI
  '4b47d616-a8d6-4552-9d44-ccad2e0f4cf9', // iSCSI
  '04b37fe8-f6ae-480b-bdd5-37d98c5e89aa', // variable error flag
  '4c19049f-4137-4dd3-9c10-8b97a83ffdfa', // memory types
]);

/**
 * Variables that something after the firmware left behind: boot options that name a file below
 * \EFI, as an installer or shim's fallback makes them, and variables of other vendors, shim's own
 * SbatLevel among them.
 */
export function foreignVariables(after: Buffer): string[] {
  return readEfiVariables(after)
    .filter(({ name, vendor, data }) => {
      const option = /^(?:Boot|Driver|SysPrep)[0-9A-F]{4}$/.test(name);
      return option ? data.includes(EFI_FOLDER) : !FIRMWARE_VENDORS.has(vendor);
    })
    .map(({ name, vendor }) => `${name}-${vendor}`);
}

function formatGuid(bytes: Buffer): string {
  const part = (start: number, end: number, swap: boolean) => {
    const piece = Buffer.from(bytes.subarray(start, end));
    return (swap ? piece.reverse() : piece).toString('hex');
  };
  return [
    part(0, 4, true),
    part(4, 6, true),
    part(6, 8, true),
    part(8, 10, false),
    part(10, 16, false),
  ].join('-');
}

function align(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
