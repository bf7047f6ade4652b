const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size for people: `812 B`, `1.2 GiB`, `212 GiB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.6 would be shown as 1024.
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** Reads a size as people type it (`512M`, `8G`, `1.5T`, `1GiB`), in bytes. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d+)?)\s*([KMGT])(?:i?B)?$/i.exec(text.trim());
  if (!match) return undefined;
  const exponent = 'KMGT'.indexOf((match[2] ?? '').toUpperCase()) + 1;
  const bytes = Math.round(Number(match[1]) * 1024 ** exponent);
  return bytes > 0 ? bytes : undefined;
}

const FACTORS: Readonly<Record<string, number>> = { K: 1, M: 1024, G: 1024 ** 2 };

/** Reads a memory size as QEMU writes it (`2048`, `2048M`, `2G`), in MiB. */
export function parseMebibytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG])?(?:i?B)?$/i.exec(text.trim());
  if (!match) return undefined;
  const factor = FACTORS[(match[2] ?? 'M').toUpperCase()] ?? 1024;
  const mebibytes = Math.round((Number(match[1]) * factor) / 1024);
  return mebibytes > 0 ? mebibytes : undefined;
}
