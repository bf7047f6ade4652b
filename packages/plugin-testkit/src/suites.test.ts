import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import {
  type Bootloader,
  type DistroAdapter,
  type Facts,
  type Hooks,
  type InitramfsBuilder,
  joinText,
  type Ops,
  type OutputFormat,
  type Plugin,
  type Source,
  type Text,
  text,
} from '@livesys/core/plugin';
import { describe, expect, it } from 'vitest';
import { ContractBreach, type Rule, RULES } from './breach.ts';
import { testBootloader } from './roles/bootloader.ts';
import { testDistro } from './roles/distro.ts';
import { testInitramfs } from './roles/initramfs.ts';
import { testOutput } from './roles/output.ts';
import { testPlugin } from './roles/plugin.ts';
import { testSource } from './roles/source.ts';
import { sampleFacts } from './samples/facts.ts';
import type { SampleRoot } from './samples/memory-probe.ts';
import {
  sampleBootloader,
  sampleDistro,
  sampleInitramfs,
  sampleOutput,
  sampleSource,
} from './samples/parts.ts';
import { sampleRuntime } from './samples/runtime.ts';
import type { SuiteOptions } from './suite.ts';

const asString: (value: unknown) => string = String;

/** Registers a suite, runs it, and tells which rules are broken and how. */
async function breaches(
  register: (options: SuiteOptions) => void,
): Promise<Partial<Record<Rule, string>>> {
  const bodies: (() => Promise<void>)[] = [];
  register({ test: (_name, body) => bodies.push(body) });
  expect(bodies).toHaveLength(Object.keys(RULES).length);
  const broken: Partial<Record<Rule, string>> = {};
  for (const body of bodies) {
    await body().catch((error: unknown) => {
      if (!(error instanceof ContractBreach)) throw error;
      broken[error.rule] = error.breaches.join('\n');
    });
  }
  return broken;
}

/** A boot loader that is sound but for one task of its own. */
function loader(body: (ops: Ops) => void, more: object = {}): Bootloader {
  return {
    ...sampleBootloader,
    assets: (context) => {
      const { odd } = context.plan.task(
        { id: 'bootloader:odd', place: { on: 'tools', mounts: {} }, outputs: ['odd'], ...more },
        (ops) => {
          body(ops);
          ops.write(ops.output('odd'), '');
        },
      );
      const assets = sampleBootloader.assets(context);
      return { ...assets, medium: { ...assets.medium, '/boot/odd': odd } };
    },
  };
}
const writing = (content: () => Text) => loader((ops) => ops.write('/tmp/content', content()));
const running = (...argv: string[]) => loader((ops) => ops.exec(argv));
const checkLoader = (plugin: Bootloader) => breaches((options) => testBootloader(plugin, options));

/** A plugin that does something in `apply`. */
const plugin = (apply: (hooks: Hooks) => unknown, more: object = {}): Plugin => ({
  name: 'odd',
  version: '1.0.0',
  apiVersion: '^1.0.0',
  apply,
  ...more,
});
const checkPlugin = (one: Plugin) => breaches((options) => testPlugin(one, options));

const KERNEL = '6.1.0-1';
const ROOT: SampleRoot = {
  name: 'a root',
  files: {
    '/etc/os-release': 'ID=sample\n',
    [`/boot/vmlinuz-${KERNEL}`]: '',
    [`/usr/lib/modules/${KERNEL}/modules.dep`]: '',
  },
};
const detected: Facts['distro'] = {
  ...sampleFacts().distro,
  kernels: [
    {
      ...sampleFacts().distro.kernels[0]!,
      release: KERNEL,
      image: `/boot/vmlinuz-${KERNEL}`,
      modules: `/usr/lib/modules/${KERNEL}`,
    },
  ],
};
const distro: DistroAdapter = {
  ...sampleDistro(sampleFacts()),
  ids: ['sample'],
  bootstrapLabel: 'sample:1',
  detect: () => detected,
  generalize: (ops, { hostname: name }) => {
    ops.write('/etc/hostname', name);
    ops.write('/etc/fstab', '');
  },
};
const checkDistro = (more: Partial<DistroAdapter>) =>
  breaches((options) => testDistro({ ...distro, ...more }, { ...options, roots: [ROOT] }));

const initramfs: InitramfsBuilder = {
  ...sampleInitramfs,
  build: ({ plan, id, kernel, runtime, contents }) =>
    plan.task({ id, place: { on: 'tools', mounts: {} }, outputs: ['initrd'] }, (ops) => {
      for (const file of [...runtime.initramfs.files, ...contents.files])
        ops.copy(ops.input(file.blob), `/tmp/root${file.path}`);
      const { binaries, kernelModules } = runtime.initramfs;
      const names = [
        ...binaries.required,
        ...kernelModules.required,
        ...contents.binaries,
        ...contents.kernelModules,
      ];
      ops.write(ops.output('initrd'), `${kernel.release} ${names.join(' ')}`);
    }).initrd,
};
const checkInitramfs = (more: Partial<InitramfsBuilder>) =>
  breaches((options) => testInitramfs({ ...initramfs, ...more }, options));
const checkOutput = (more: Partial<OutputFormat>) =>
  breaches((options) => testOutput({ ...sampleOutput, ...more }, options));
const checkSource = (plan: Source['plan']) =>
  breaches((options) => testSource({ ...sampleSource, plan }, options));

describe('sound plugins break no rule', () => {
  it('of every role', async () => {
    expect(await checkLoader(sampleBootloader)).toEqual({});
    expect(await checkDistro({})).toEqual({});
    expect(await checkInitramfs({})).toEqual({});
    expect(await checkOutput({})).toEqual({});
    expect(await checkSource((context) => sampleSource.plan(context))).toEqual({});
    expect(
      await checkPlugin(plugin((hooks) => hooks.packages.tap('odd', (payload) => payload))),
    ).toEqual({});
  });
});

describe('whole', () => {
  it('a member of the role is missing', async () => {
    const rest = { ...sampleBootloader, assets: undefined } as unknown as Bootloader;
    expect((await checkLoader(rest)).whole).toMatch(/assets\(\)/);
  });

  it('another plugin API', async () => {
    expect((await checkPlugin(plugin(() => undefined, { apiVersion: '^9.0.0' }))).whole).toMatch(
      /API \^9/,
    );
  });
});

describe('deterministic', () => {
  let calls = 0;
  it.each<[string, () => string]>([
    ['a counter', () => String((calls += 1))],
    ['chance', () => String(Math.random())],
    ['a random id', () => randomUUID()],
    ['the time', () => String(Date.now()).slice(0, 4)],
    ['the year', () => String(new Date().getFullYear())],
    ['the time zone', () => String(new Date(0).getHours())],
    ['the folder', () => createHash('md5').update(process.cwd()).digest('hex')],
    ['the environment', () => process.env['HOME'] ?? 'none'],
    ['the order of a locale', () => ['b', 'a', 'c'].sort((a, b) => a.localeCompare(b)).join('')],
    ['the letters of a locale', () => 'ID'.toLocaleLowerCase()],
    ['the architecture of the builder', () => process.arch],
  ])('planning depends on %s', async (_, content) => {
    expect(Object.keys(await checkLoader(writing(content)))).toEqual(['deterministic']);
  });

  it('detect depends on the environment', async () => {
    const broken = await checkDistro({
      detect: () => ({ ...detected, release: process.env['HOME'] ?? '' }),
    });
    expect(Object.keys(broken)).toEqual(['deterministic']);
  });
});

describe('pure', () => {
  const hidden = (call: () => unknown) => {
    try {
      call();
    } catch {
      // a plugin may swallow what the trap throws
    }
    return '';
  };
  it.each<[string, RegExp, () => unknown]>([
    ['a file', /readFileSync\("\/etc\/hostname"\)/, () => readFileSync('/etc/hostname')],
    ['the existence of a file', /existsSync/, () => existsSync('/etc')],
    ['a process', /execFileSync\("id"\)/, () => execFileSync('id')],
    ['the machine', /os\.hostname/, () => hostname()],
    ['the network', /net\.connect/, () => connect(9)],
    ['the web', /fetch/, () => void fetch('http://localhost')],
    ['a timer', /setTimeout/, () => setTimeout(() => undefined, 0)],
    // oxlint-disable-next-line no-console
    ['the terminal', /console\.log/, () => console.log('planning')],
    [
      'something later',
      /existsSync\("\/late"\)/,
      () =>
        void Promise.resolve()
          .then(() => existsSync('/late'))
          .catch(() => undefined),
    ],
  ])('planning touches %s', async (_, call, body) => {
    expect((await checkLoader(writing(() => hidden(body)))).pure).toMatch(call);
  });

  it('detect reads the machine and not the probe', async () => {
    const broken = await checkDistro({
      detect: () => (existsSync('/etc/os-release') ? detected : detected),
    });
    expect(broken.pure).toMatch(/existsSync\("\/etc\/os-release"\)/);
  });

  it('apply touches a file, or is not finished when it returns', async () => {
    expect((await checkPlugin(plugin(() => hidden(() => existsSync('/etc'))))).pure).toMatch(
      /apply: it calls/,
    );
    expect((await checkPlugin(plugin(async () => undefined))).pure).toMatch(/returns a value/);
  });

  it('planning changes the facts', async () => {
    const broken = await checkPlugin(
      plugin((hooks) =>
        hooks.packages.tap('odd', (payload) => {
          (payload.facts.distro.packages as Record<string, string>)['odd'] = '1';
          return payload;
        }),
      ),
    );
    expect(broken.pure).toMatch(/changes what it is given/);
  });

  it('leaves the machine as it was', async () => {
    await checkLoader(sampleBootloader);
    expect(existsSync('/')).toBe(true);
    expect(hostname()).not.toBe('');
    expect(Math.abs(new Date().getTime() - Date.now())).toBeLessThan(1000);
  });
});

describe('contained', () => {
  it.each<[string, RegExp, Bootloader]>([
    [
      'writes outside of its folders',
      /outside of the task's own folders: \/etc\/x/,
      loader((ops) => ops.write('/etc/x', '')),
    ],
    [
      'leaves its folder by ..',
      /not absolute and plain/,
      loader((ops) => ops.remove('/tmp/../etc')),
    ],
    [
      'runs on the builder',
      /programs of the builder/,
      loader((ops) => ops.exec(['true']), { place: { on: 'builder', mounts: {} } }),
    ],
    [
      'reads the builder',
      /reads \/etc\/hosts from the builder/,
      loader((ops) => void ops.input({ builderPath: '/etc/hosts' })),
    ],
    [
      'names a path of the machine that plans',
      /machine that plans/,
      loader((ops) => ops.write('/tmp/x', `${process.cwd()}/x`)),
    ],
    [
      'names its own folder',
      /machine that plans/,
      running('cp', '/somewhere/node_modules/odd/x', '/tmp/x'),
    ],
    [
      'names a tree that nothing made',
      /odd:tree/,
      loader(() => undefined, { place: { chroot: { tree: 'odd:tree' } } }),
    ],
    [
      'reads a tree that nothing made',
      /odd:tree/,
      loader((ops) => void ops.input({ tree: { tree: 'odd:tree' } })),
    ],
    [
      'names a task that is not there',
      /odd:task/,
      loader((ops) => void ops.input({ artifact: 'odd:task/x' })),
    ],
    [
      'fetches without network',
      /curl .* without network/,
      running('curl', '--output', '/tmp/x', 'https://example.org'),
    ],
    ['installs without network', /apt-get install/, running('apt-get', 'install', 'x')],
  ])('a task %s', async (_, line, odd) => {
    expect((await checkLoader(odd)).contained).toMatch(line);
  });

  it('a network task may fetch', async () => {
    const odd = {
      ...loader((ops) => ops.exec(['curl', 'https://example.org']), { network: true }),
      needs: [{ name: 'curl', reason: 'x' }],
    };
    expect(await checkLoader(odd)).toEqual({});
  });

  it('a boot file names a device', async () => {
    const odd: Bootloader = {
      ...sampleBootloader,
      assets: (context) => ({
        ...sampleBootloader.assets(context),
        medium: { '/boot/odd.cfg': text`root=/dev/sda1 ${context.imageId}` },
      }),
    };
    expect((await checkLoader(odd)).contained).toMatch(/names a device/);
  });
});

describe('serializable', () => {
  it('a function or a number in a plan', async () => {
    const odd = loader((ops) =>
      ops.exec(['true'], { env: { ODD: (() => 1) as unknown as string } }),
    );
    expect((await checkLoader(odd)).serializable).toMatch(/env\.ODD is function/);
    const nan = loader((ops) => ops.write('/tmp/x', '', { mode: Number.NaN }));
    expect((await checkLoader(nan)).serializable).toMatch(/mode is NaN/);
  });

  it('a Ref turned into a string', async () => {
    const odd: Bootloader = {
      ...sampleBootloader,
      assets: (context) => ({
        ...sampleBootloader.assets(context),
        medium: { '/x': asString(context.imageId) },
      }),
    };
    expect((await checkLoader(odd)).serializable).toMatch(/turns a Ref into a string/);
  });

  it('a password in an argument', async () => {
    const odd = await checkDistro({
      generalize: (ops, request) => {
        distro.generalize(ops, request);
        const password = request.user?.password;
        if (password === undefined || password === 'none') return;
        const value = 'text' in password ? password.text : password.secret;
        ops.exec(['usermod', '--password', joinText([value], ''), 'live']);
      },
    });
    expect(odd.serializable).toMatch(
      /with a password: tree:fixups gives a password[^]*with a secret/,
    );
  });

  it('facts that JSON cannot hold', async () => {
    const odd = await checkDistro({
      detect: () => ({ ...detected, packagesChanged: new Date() as unknown as number }),
    });
    expect(odd.serializable).toMatch(/packagesChanged/);
  });
});

describe('needs', () => {
  it('a tool that no need names', async () => {
    expect((await checkLoader(running('odd-mkimage', '-o', '/tmp/x'))).needs).toMatch(
      /runs odd-mkimage/,
    );
    const piped = loader((ops) => ops.pipe([['cat', '/tmp/x'], ['/usr/lib/odd/filter']]));
    expect((await checkLoader(piped)).needs).toMatch(/odd\/filter/);
  });

  it('a need without a reason, or with an empty list', async () => {
    const needs = [{ name: 'x', reason: ' ', packages: { debian: [] } }];
    expect((await checkLoader({ ...sampleBootloader, needs })).needs).toMatch(
      /no reason[^]*no package for debian/,
    );
  });

  it('a tool of the builder for bootstrap', async () => {
    const odd = await checkDistro({
      bootstrap: ({ plan, id }) =>
        plan.root({ id, network: true }, (ops) => ops.exec(['odd-strap', ops.output('root')])),
    });
    expect(odd.needs).toMatch(/source:base runs odd-strap/);
  });
});

describe('promises', () => {
  it('a boot loader hands over what it does not support, or not what it does', async () => {
    const odd = {
      ...sampleBootloader,
      supports: { ...sampleBootloader.supports, firmware: ['uefi'] as const },
    };
    expect((await checkLoader(odd)).promises).toMatch(/say bios/);
    const esp = {
      ...sampleBootloader,
      supports: { ...sampleBootloader.supports, kernelsOn: 'esp' as const },
    };
    expect((await checkLoader(esp)).promises).toMatch(/kernelsOn is 'esp'/);
    const none = {
      ...sampleBootloader,
      supports: { ...sampleBootloader.supports, architecture: [] },
    };
    expect((await checkLoader(none)).promises).toMatch(/nothing to plan/);
  });

  it('a boot loader forgets the arguments of its entries', async () => {
    const odd: Bootloader = {
      ...sampleBootloader,
      assets: ({ plan, sign }) => {
        const made = plan.task(
          { id: 'bootloader:odd', place: { on: 'tools', mounts: {} }, outputs: ['efi'] },
          (ops) => ops.write(ops.output('efi'), ''),
        );
        return {
          firmware: ['bios', 'uefi'],
          esp: { '/EFI/BOOT/BOOTX64.EFI': sign(made.efi) },
          elTorito: { bios: made.efi },
        };
      },
    };
    expect((await checkLoader(odd)).promises).toMatch(/id of the image/);
  });

  it('an initramfs leaves out a file of the runtime, and what plugins add', async () => {
    const build: InitramfsBuilder['build'] = (context) =>
      initramfs.build({
        ...context,
        runtime: { ...sampleRuntime, initramfs: { ...sampleRuntime.initramfs, files: [] } },
        contents: { files: [], binaries: [], kernelModules: [] },
      });
    expect((await checkInitramfs({ build })).promises).toMatch(
      /lib\.sh is not packed[^]*sample-binary is not packed/,
    );
  });

  it('an output leaves out the layers', async () => {
    const build: OutputFormat['build'] = ({ output }) =>
      output({}, (ops) => ops.write(ops.output('image'), ''));
    expect((await checkOutput({ build })).promises).toMatch(/layer:base\/squashfs is not on it/);
  });

  it('a source makes another tree, or one at a relative path', async () => {
    const named = await checkSource(({ plan }) => plan.directory({ id: 'source:odd', path: '/x' }));
    expect(named.promises).toMatch(/source:base/);
    const relative = await checkSource(({ plan }) =>
      plan.directory({ id: 'source:base', path: 'x' }),
    );
    expect(relative.promises).toMatch(/x is relative/);
  });

  it('a distribution installs nothing and lists relative paths', async () => {
    const odd = await checkDistro({
      installPackages: () => undefined,
      excludes: () => ['var/cache/*'],
    });
    expect(odd.promises).toMatch(/var\/cache\/\* is not absolute[^]*installs nothing/);
  });

  it('a plugin cannot be planned with', async () => {
    const odd = await checkPlugin(
      plugin((hooks) => hooks.kernelArguments.tap('odd', (async () => undefined) as never)),
    );
    expect(odd.promises).toMatch(/returned a promise/);
  });
});
