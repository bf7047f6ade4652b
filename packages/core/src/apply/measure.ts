import { stream } from './command-runner.ts';

/** Bytes and number of everything in a folder; hard links count once. */
export async function measure(
  path: string,
): Promise<{ readonly bytes: number; readonly files: number }> {
  let text = '';
  let files = 0;
  let bytes = 0;
  const seen = new Set<string>();
  await stream(['find', path, '-printf', String.raw`%n %i %b %y\n`], (chunk) => {
    const lines = (text + chunk.toString('latin1')).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const [links, inode = '', blocks] = line.split(' ');
      files += 1;
      if (links !== '1' && line.endsWith('f')) {
        if (seen.has(inode)) continue;
        seen.add(inode);
      }
      bytes += Number(blocks) * 512;
    }
  });
  return { bytes, files };
}
