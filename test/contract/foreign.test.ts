import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plan, PlanTask } from '@livesys/core/testing';
import { textsOf } from '@livesys/plugin-testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Plugins of strangers, in an empty project with the packed packages. See test/foreign/README.md.

const root = fileURLToPath(new URL('../..', import.meta.url));
const foreign = join(root, 'test/foreign');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const PNPM = ['npx', '-y', 'pnpm@10.34.9'];
const PACKED = ['core', 'distro-parts', 'plugin-testkit', 'runtime'];
const PLUGINS = readdirSync(foreign).filter((name) => name.startsWith('livesys-'));
const ID = '${image:manifest/id}';

const project = mkdtempSync(join(tmpdir(), 'livesys-foreign-'));
let plans: Record<string, { readonly plan: Plan; readonly esp: readonly string[] }> = {};

beforeAll(async () => {
  // Incremental, and without the tests, whose types are another check.
  await run([process.execPath, tsc, '-b', ...PACKED.map((name) => `packages/${name}`)], root);
  put('package.json', {
    name: 'somewhere-else',
    private: true,
    type: 'module',
    dependencies: await pack(),
    devDependencies: { '@types/node': '^20.19.0' },
  });
  put('tsconfig.json', {
    compilerOptions: {
      ...{ target: 'ES2023', lib: ['ES2023'], types: ['node'], module: 'NodeNext' },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      ...{ verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
    },
    exclude: ['node_modules'],
  });
  await run([...PNPM, 'install', '--prefer-offline', '--ignore-workspace'], project);
  cpSync(foreign, project, { recursive: true });
  await run([process.execPath, tsc, '-p', '.'], project);
  plans = JSON.parse(await run([process.execPath, 'plan-all.js'], project)) as typeof plans;
}, 170_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

async function run(argv: readonly string[], cwd: string): Promise<string> {
  const [file = '', ...rest] = argv;
  // Not what a surrounding pnpm or vitest sets: the project has nothing to do with this one.
  const kept = ['PATH', 'HOME', 'LANG', 'npm_config_registry', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'];
  const env = Object.fromEntries(kept.map((name) => [name, process.env[name]]));
  const options = { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  try {
    return (await promisify(execFile)(file, rest, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${argv.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Packs the packages as they would be published; what a package.json says to install them. */
async function pack(): Promise<Readonly<Record<string, string>>> {
  const folder = join(project, 'tarballs');
  const filters = PACKED.flatMap((name) => ['--filter', `./packages/${name}`]);
  await run([...PNPM, ...filters, 'pack', '--pack-destination', folder], root);
  const files = readdirSync(folder);
  return Object.fromEntries(
    PACKED.map((name) => {
      const file = files.find((one) => one.startsWith(`livesys-${name}-`));
      return [`@livesys/${name}`, `file:tarballs/${file}`];
    }),
  );
}

function put(path: string, content: object): void {
  writeFileSync(join(project, path), JSON.stringify(content, null, 2));
}

const planOf = (name: string): Plan => {
  const found = plans[name];
  if (found === undefined) throw new Error(`there is no plan ${name}`);
  return found.plan;
};
const taskOf = (plan: Plan, id: string): PlanTask => {
  const found = plan.tasks.find((task) => task.id === id);
  if (found === undefined) throw new Error(`there is no task ${id}`);
  return found;
};
const words = (name: string, id: string): string => textsOf(taskOf(planOf(name), id)).join('\n');

describe('the contract suites, run by node:test', () => {
  it.each(PLUGINS)('%s', async (name) => {
    const report = await run(
      [process.execPath, '--test', '--test-reporter=tap', `${name}/src/contract.test.js`],
      project,
    );
    expect(report).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(report)?.[1])).toBeGreaterThanOrEqual(7);
    expect(report).toMatch(/^# skipped 0$/m);
  });
});

describe('systemd-boot with unified kernel images', () => {
  it('puts one image for each line of the menu into /EFI/Linux, and the loader beside them', () => {
    const esp = plans['systemd-boot']?.esp ?? [];
    expect(esp).toContain('/EFI/BOOT/BOOTX64.EFI');
    const images = esp.flatMap((path) => /^\/EFI\/Linux\/(.+)\.efi$/.exec(path)?.[1] ?? []);
    expect(images).toEqual([
      ...['00-selection', '01-office', '02-office-temporary', '03-rescue'],
      ...['04-office-safe-graphics', '05-office-verbose', '06-office-verify', '07-office-toram'],
      '08-set-up-persistence',
    ]);
  });

  it('has the image id, as a reference, and the profile in the command line of each', () => {
    for (const profile of ['office', 'rescue']) {
      const cmdline = words('systemd-boot', `uki:${profile}`);
      expect(cmdline).toContain(`root=livesys:${ID} livesys.profile=${profile} `);
      expect(cmdline).toMatch(/console=ttyS0,115200 console=tty0$/m);
    }
  });

  it('builds each from the kernel and the initramfs of the image', () => {
    const inputs = taskOf(planOf('systemd-boot'), 'uki:office').inputs;
    expect(inputs.map((input) => input.kind === 'artifact' && input.task)).toEqual([
      'kernel:6.12.48+deb13-amd64',
      'initramfs:6.12.48+deb13-amd64',
    ]);
  });

  it('brings ukify into the tools tree, and not into the image', () => {
    expect(words('systemd-boot', 'tree:tools')).toMatch(/^systemd-ukify$/m);
    expect(words('systemd-boot', 'tree:desktop')).not.toContain('ukify');
  });
});

describe('initramfs-tools', () => {
  it('packs the real runtime and names its own way to the root', () => {
    const text = words('initramfs-tools', 'initramfs:6.12.48+deb13-amd64');
    expect(text).toContain('/tmp/initramfs-tools/root/usr/sbin/livesys-assemble');
    expect(text).toMatch(/^module required squashfs$/m);
    expect(JSON.stringify(planOf('initramfs-tools'))).toContain('boot=livesys');
  });
});

describe('a distribution with dnf', () => {
  it('keeps kernel packages out of every installation', () => {
    for (const id of ['tree:tools', 'tree:desktop']) {
      const argv = words('fedora', id).split('\n');
      expect(argv[0]).toBe('dnf5');
      expect(argv).toContain('--setopt=excludepkgs=kernel,kernel-core,kernel-modules*');
      expect(taskOf(planOf('fedora'), id).network).toBe(true);
    }
  });

  it('takes the kernel from where this distribution has it', () => {
    expect(words('fedora', 'kernel:6.11.4-301.fc41.x86_64')).toContain(
      '/usr/lib/modules/6.11.4-301.fc41.x86_64/vmlinuz',
    );
  });
});

describe('a tar output', () => {
  it('holds the manifest, the marker and each layer under its hash', () => {
    const text = words('tar', 'output:tar');
    expect(text).toMatch(/^\/tmp\/medium\/livesys\/manifest$/m);
    expect(text).toContain(`/tmp/medium/livesys/id/${ID}`);
    expect(text).toMatch(/\/tmp\/medium\/livesys\/layers\/base-\$\{layer:base\/hash\}\.squashfs/);
  });
});

describe('wifi', () => {
  it('is a package, a file in the image, and a kernel argument', () => {
    expect(words('wifi', 'tree:packages')).toMatch(/^iwd$/m);
    expect(words('wifi', 'tree:fixups')).toContain('/etc/iwd/main.conf');
    expect(JSON.stringify(taskOf(planOf('wifi'), 'output:sample'))).toContain(
      'cfg80211.ieee80211_regdom=DE',
    );
  });
});

describe('all of them at once', () => {
  it('reach each other: the argument of one plugin is in the kernel image of another', () => {
    const cmdline = words('together', 'uki:office');
    expect(cmdline).toContain('boot=livesys');
    expect(cmdline).toContain('cfg80211.ieee80211_regdom=DE');
  });

  it('use no network where none is declared', () => {
    const network = planOf('together').tasks.filter((task) => task.network);
    expect(network.map(({ id }) => id)).toEqual(['tree:tools', 'tree:packages', 'tree:desktop']);
  });
});
