import type { FileHandle } from 'node:fs/promises';

import { LivesysError } from '@livesys/core/plugin';

import type { Partition } from '../../disk/gpt.ts';
import { OPEN_FILE, programFailed, type RunProgram } from '../../programs/run-program.ts';

/** What lies in a folder of DATA. */
export interface DataEntry {
  readonly name: string;
  readonly inode: number;
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
}

/** An open disk and the partition on it that keeps changes. */
export interface DataPlace {
  readonly file: FileHandle;
  readonly path: string;
  readonly partition: Pick<Partition, 'offset' | 'length'>;
  readonly blockSize: number;
}

/**
 * Files of an ext4 in a partition of a file or device, read and changed by `debugfs` without
 * mounting it, so neither root nor a partition node is needed.
 */
export class DataFiles {
  /** What fits into one block, however small blocks are. */
  static readonly BLOCK = 1024;

  private readonly place: DataPlace;
  private readonly run: RunProgram;

  constructor(place: DataPlace, run: RunProgram) {
    this.place = place;
    this.run = run;
  }

  /** The content of a folder; nothing when it is not there. */
  async list(folder: string): Promise<readonly DataEntry[] | undefined> {
    const { stdout, stderr } = await this.read(`ls -p ${folder}`);
    if (stderr.includes('not found')) return undefined;
    return stdout
      .toString('utf8')
      .split('\n')
      .flatMap((line) => parseEntry(line) ?? []);
  }

  async find(path: string): Promise<DataEntry | undefined> {
    const cut = path.lastIndexOf('/');
    const entries = await this.list(path.slice(0, cut) || '/');
    return entries?.find(({ name }) => name === path.slice(cut + 1));
  }

  /** A small file; nothing when it is no file, is larger than `limit` bytes or is not there. */
  async readText(path: string, limit: number): Promise<string | undefined> {
    const entry = await this.find(path);
    if (entry?.kind !== 'file' || entry.size > limit) return undefined;
    return (await this.read(`cat <${entry.inode}>`)).stdout.toString('latin1');
  }

  /** Carries out lines of `debugfs` in one go; what they changed is on the disk afterwards. */
  async change(lines: readonly string[]): Promise<void> {
    const result = await this.debugfs(['-w', '-f', '-'], `${lines.join('\n')}\n`);
    const failed = problems(result.stderr);
    if (failed.length === 0 && result.code === 0) return;
    throw programFailed(
      { ...result, stderr: failed.join('\n') },
      'What the medium keeps is as it was or as it should be. Run the same command again.',
    );
  }

  /**
   * Gives an empty file its content, of at most {@link DataFiles.BLOCK} bytes. Until its last step
   * the file reads as zeros.
   */
  async fill(path: string, content: string): Promise<void> {
    await this.change([`fallocate ${path} 0 0`, `sif ${path} size ${content.length}`]);
    const { stdout } = await this.read(`bmap ${path} 0`);
    const block = Number(/^(\d+)/.exec(stdout.toString('latin1'))?.[1] ?? 0);
    await this.writeBlock(block, content);
    await this.change([
      `extent_open ${path}`,
      'root_node',
      `replace_node 0 1 ${block}`,
      'extent_close',
    ]);
  }

  private async writeBlock(block: number, content: string): Promise<void> {
    const { file, path, partition, blockSize } = this.place;
    const start = block * blockSize;
    if (block === 0 || start + blockSize > partition.length) {
      throw damaged(path, [`there is no block ${block}`]);
    }
    const bytes = Buffer.alloc(blockSize);
    bytes.write(content, 'latin1');
    await file.write(bytes, 0, blockSize, partition.offset + start);
    await file.datasync();
  }

  /** Carries out what waits in the journal. The file system is not checked by that. */
  async recover(): Promise<void> {
    // Afterwards e2fsprogs (seen in 1.47.0, e2fsck as well) opens the file again and forgets the
    // offset. By then all is carried out and the journal empty, and only its mark is left.
    await this.debugfs(['-w', '-R', 'journal_run']);
    const { stdout } = await this.read('show_super_stats -h');
    if (!/^Filesystem features:.* needs_recovery\b/m.test(stdout.toString('latin1'))) return;
    const log = (await this.read('logdump')).stdout.toString('latin1');
    if (!/^Journal starts at block 0,/m.test(log)) {
      throw damaged(this.place.path, ['its journal cannot be carried out']);
    }
    await this.change(['feature -needs_recovery']);
  }

  /** Mends what a cut of power left. */
  async mend(): Promise<void> {
    const argv = ['e2fsck', '-f', '-p', this.device()] as const;
    const purpose = 'checks the file system that keeps changes';
    const result = await this.run(argv, { purpose, file: this.file() });
    // 1: errors were corrected.
    if (result.code === 0 || result.code === 1) return;
    throw damaged(this.place.path, result.stdout.toString('utf8').trim().split('\n'));
  }

  private async read(command: string) {
    const result = await this.debugfs(['-R', command]);
    if (/while trying to open|Filesystem not open/.test(result.stderr)) {
      throw damaged(this.place.path, problems(result.stderr));
    }
    return result;
  }

  private debugfs(options: readonly string[], input = '') {
    const purpose = 'reads and writes the file system that keeps changes';
    const argv = ['debugfs', ...options, this.device()] as const;
    return this.run(argv, { purpose, input, file: this.file() });
  }

  private file() {
    return { fd: this.place.file.fd, path: this.place.path };
  }

  private device(): string {
    return `${OPEN_FILE}?offset=${this.place.partition.offset}`;
  }
}

/** `/13/100644/0/0/selection/5/`; the size of a folder is not told. */
function parseEntry(line: string): DataEntry | undefined {
  const match = /^\/(\d+)\/(\d{6})\/\d+\/\d+\/(.+)\/(\d*)\/$/.exec(line);
  if (!match || match[1] === '0') return undefined;
  const [, inode = '', mode = '', name = '', size = ''] = match;
  const kind = mode.startsWith('10') ? 'file' : mode.startsWith('04') ? 'folder' : 'other';
  return { name, inode: Number(inode), kind, size: Number(size) };
}

/** What `debugfs` complained about; it ends with 0 all the same. */
function problems(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('debugfs 1'));
}

export function damaged(path: string, details: readonly string[]): LivesysError {
  return new LivesysError('LIVESYS_DATA_DAMAGED', `What ${path} keeps cannot be read.`, {
    details,
  });
}
