import { stream } from './command-runner.ts';
import type { Sight } from './seeing-mounts.ts';
import type { Entry } from './walk.ts';

/** Something that stays out of the base, with all below it. */
export interface LeftOutPath {
  /** Absolute. With `/*` at its end it is all that is in a folder which itself stays. */
  readonly path: string;
  /** What it takes where it lies, in bytes; undefined where it was not found out in time. */
  readonly bytes: number | undefined;
  /** The line that leaves it out. */
  readonly rule: string;
}

/** All that stays out of the base, as far as it is there. */
export interface LeftOut {
  readonly paths: number;
  /** Bytes of all that was measured. */
  readonly bytes: number;
  /** Paths that were not measured. */
  readonly unmeasured: number;
  /** The largest of them first, those that were not measured at the end. */
  readonly largest: readonly LeftOutPath[];
}

/** As many paths are told by themselves. */
const TOLD = 1000;

/** A folder that is not walked. */
interface Folder {
  readonly rule: string;
  /** Bytes of the folder itself, where it stays. */
  readonly own: number;
  readonly told: string;
}

/** Notes during a walk what does not belong to the tree. */
export class LeftOutNotes {
  readonly #folders = new Map<string, Folder>();
  #largest: LeftOutPath[] = [];
  #paths = 0;
  #bytes = 0;

  add({ path, verdict, type, stored, rule = '' }: Entry): void {
    if (verdict === 'empty') {
      this.#folders.set(path, { rule, own: stored, told: `${path}/*` });
    } else if (verdict === 'out' && type === 'd') {
      this.#folders.set(path, { rule, own: 0, told: path });
    } else if (verdict === 'out') this.#note({ path, bytes: stored, rule });
  }

  /**
   * Measures the folders by `du`, which passes over what it cannot read and what goes away. Ends after
   * so many milliseconds: what is left out may be larger than the system, and on a slow disk.
   */
  async measured({ root, prefix }: Sight, patience = Infinity): Promise<LeftOut> {
    const at = root === '/' ? '' : Buffer.from(root).toString('latin1');
    const input = [...this.#folders.keys()].map((path) => `${at}${path}\0`).join('');
    const du = ['du', '--summarize', '--null', '--block-size=1'];
    let rest = '';
    const take = (chunk: Buffer): void => {
      const lines = (rest + chunk.toString('latin1')).split('\0');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#measure(line, at.length);
    };
    if (input !== '') {
      await stream([...prefix, ...du, '--files0-from=-'], take, {
        input: Buffer.from(input, 'latin1'),
        ...(patience === Infinity ? {} : { timeout: patience }),
      });
    }
    return this.#end();
  }

  /** Takes a line of du: bytes and path. */
  #measure(line: string, prefix: number): void {
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1 + prefix);
    const folder = this.#folders.get(path);
    if (folder === undefined) return;
    this.#folders.delete(path);
    const bytes = Number(line.slice(0, tab)) - folder.own;
    const isEmpty = folder.told !== path && bytes <= 0;
    if (!isEmpty) this.#note({ path: folder.told, bytes, rule: folder.rule });
  }

  #note(one: LeftOutPath): void {
    this.#paths += 1;
    this.#bytes += one.bytes ?? 0;
    this.#largest.push(one);
    if (this.#largest.length >= 2 * TOLD) this.#sort();
  }

  #sort(): void {
    this.#largest.sort(byBytes);
    this.#largest.length = Math.min(this.#largest.length, TOLD);
  }

  #end(): LeftOut {
    const unmeasured = this.#folders.size;
    for (const { told, rule } of this.#folders.values())
      this.#note({ path: told, bytes: undefined, rule });
    this.#sort();
    const largest = this.#largest.map((one) => ({
      ...one,
      path: Buffer.from(one.path, 'latin1').toString(),
    }));
    return { paths: this.#paths, bytes: this.#bytes, unmeasured, largest };
  }
}

function byBytes(a: LeftOutPath, b: LeftOutPath): number {
  return (b.bytes ?? -1) - (a.bytes ?? -1) || (a.path < b.path ? -1 : 1);
}
