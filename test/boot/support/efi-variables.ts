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

/** A boot option that starts a file, as an installed system or shim's fallback makes one. */
const FILE_PATH_NODE = Buffer.from([0x04, 0x04]);
/** Media file names in a device path are UTF-16. */
const EFI_FOLDER = Buffer.from('\\EFI\\', 'utf16le');

/**
 * Variables that an operating system or a boot loader left behind: boot options that name a file,
 * and everything of a vendor that the untouched firmware does not know.
 */
export function foreignVariables(before: Buffer, after: Buffer, firmwareOnly: Buffer): string[] {
  const known = new Set(
    [...readEfiVariables(before), ...readEfiVariables(firmwareOnly)].map(({ vendor }) => vendor),
  );
  return readEfiVariables(after)
    .filter(({ name, vendor, data }) => {
      const option = /^(?:Boot|Driver|SysPrep)[0-9A-F]{4}$/.test(name);
      const namesFile = data.includes(FILE_PATH_NODE) && data.includes(EFI_FOLDER);
      return option ? namesFile : !known.has(vendor);
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
