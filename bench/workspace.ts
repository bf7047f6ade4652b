import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LIVESYS, run, type Ran, type RunOptions } from './run.ts';

const RELEASE = 'bookworm';

/** The folder of a run: a source tree, a project that builds it, and a cache per measurement. */
export class Workspace {
  readonly folder: string;
  readonly project: string;
  /** Files of the layer that is made of files alone. */
  readonly overlay: string;
  source: string;

  private constructor(folder: string, source: string) {
    this.folder = folder;
    this.source = source;
    this.project = join(folder, 'project');
    this.overlay = join(this.project, 'overlay');
  }

  static async make(options: { source?: string; work?: string }): Promise<Workspace> {
    const parent = resolve(options.work ?? tmpdir());
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, 'livesys-bench-'));
    return new Workspace(folder, options.source === undefined ? '' : resolve(options.source));
  }

  /** Bootstraps a minimal Debian unless a tree was given, and writes a project that builds it. */
  async prepareSource(say: (line: string) => void): Promise<void> {
    if (this.source === '') {
      say(`bootstrapping ${RELEASE} ...`);
      const cache = this.cache('source');
      const argv = [LIVESYS, 'build', `debian:${RELEASE}`, '--until', 'source:base'];
      await run([process.execPath, ...argv], {
        cwd: this.folder,
        env: { LIVESYS_CACHE: cache },
      });
      this.source = join(this.folder, 'root');
      const results = (await run(['find', join(cache, 'results'), '-name', 'record.json'])).stdout;
      const record = results.trim();
      await run(['cp', '-a', record.replace(/record\.json$/, 'content'), this.source]);
    }
    await mkdir(join(this.overlay, 'etc'), { recursive: true });
    await this.changeFile('first');
    await this.writeConfig(this.project, this.source, "layers: { site: { files: './overlay' } },");
  }

  /** Writes a project that builds an ISO of a source. `more`: a line of its config. */
  async writeConfig(project: string, source: string, ...more: readonly string[]): Promise<void> {
    await writeFile(
      join(project, 'livesys.config.ts'),
      [
        "import { defineConfig, directory, iso } from 'livesys';",
        'export default defineConfig({',
        `  source: directory(${JSON.stringify(source)}),`,
        ...more.map((line) => `  ${line}`),
        "  outputs: [iso({ file: './dist/bench.iso' })],",
        '});',
        '',
      ].join('\n'),
    );
  }

  cache(name: string): string {
    return join(this.folder, 'caches', name);
  }

  /** An empty cache, but for packages that were downloaded before. */
  async freshCache(name: string, downloads?: string): Promise<string> {
    const cache = this.cache(name);
    await rm(cache, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    if (downloads !== undefined) await cp(downloads, join(cache, 'downloads'), { recursive: true });
    return cache;
  }

  async changeFile(content: string): Promise<void> {
    await writeFile(join(this.overlay, 'etc/motd'), `${content}\n`);
  }

  /** Runs a command of livesys in the project. What was written before is on disk by then. */
  async livesys(cache: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    await run(['sync']);
    return run([process.execPath, LIVESYS, ...argv], {
      cwd: this.project,
      env: { LIVESYS_CACHE: cache },
      ...options,
    });
  }

  /** Removes the output of the build before, which another cache made. */
  async removeOutput(): Promise<void> {
    await rm(join(this.project, 'dist'), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
