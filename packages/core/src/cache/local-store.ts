import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../plan/canonical.ts';
import type { OutputRecord, ResultRecord, Store, UsedResult } from './store.ts';

/**
 * The cache in a local folder:
 *
 *     results/<key>/record.json, content/    finished tasks
 *     outputs/<hash of path>.json            what was made for the user
 *     downloads/<name>/                      kept between builds
 *     tmp/<run>/                             work of a run, removed when it ends
 *     logs/<run>/<task>.log
 *     lock                                   held by the run that builds
 */
export class LocalStore implements Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async find(key: string): Promise<ResultRecord | undefined> {
    return readJson<ResultRecord>(join(this.#result(key), 'record.json'));
  }

  content(key: string): string {
    return join(this.#result(key), 'content');
  }

  async keep(record: ResultRecord, staged: string): Promise<void> {
    await writeFile(join(staged, 'record.json'), JSON.stringify(record));
    await mkdir(join(this.folder, 'results'), { recursive: true });
    await rm(this.#result(record.key), { recursive: true, force: true });
    await rename(staged, this.#result(record.key));
  }

  async findOutput(path: string): Promise<OutputRecord | undefined> {
    return readJson<OutputRecord>(this.#output(path));
  }

  async keepOutput(record: OutputRecord): Promise<void> {
    const file = this.#output(record.path);
    await mkdir(join(this.folder, 'outputs'), { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(record));
    await rename(`${file}.new`, file);
  }

  async list(): Promise<readonly ResultRecord[]> {
    const keys = await names(join(this.folder, 'results'));
    const records = await Promise.all(keys.map(async (key) => this.find(key)));
    return records.filter((record) => record !== undefined);
  }

  /** Every result with when a build last used it. */
  async listUsed(): Promise<readonly UsedResult[]> {
    const records = await this.list();
    return Promise.all(
      records.map(async (record) => {
        const { mtimeMs } = await stat(join(this.#result(record.key), 'record.json'));
        return { ...record, lastUsed: Math.max(mtimeMs, record.created) };
      }),
    );
  }

  #result(key: string): string {
    return join(this.folder, 'results', key);
  }

  #output(path: string): string {
    return join(this.folder, 'outputs', `${digestOf(path).slice(0, 32)}.json`);
  }
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
