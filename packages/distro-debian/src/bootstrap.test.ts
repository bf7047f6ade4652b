import { expect, it } from 'vitest';
import type { Ops, PlanBuilder, Probe, RootOptions } from '@livesys/core/plugin';
import { textOf } from '../../../test/support/recorded-ops.ts';
import debian from './index.ts';

const EMPTY: Probe = {
  readText: () => undefined,
  list: () => [],
  stat: () => undefined,
  realPath: () => undefined,
};
const PROXIED: Probe = {
  ...EMPTY,
  list: (folder) => (folder === '/etc/apt/apt.conf.d' ? ['50proxy'] : []),
  readText: (path) =>
    path === '/etc/apt/apt.conf.d/50proxy'
      ? 'Acquire::http::Proxy "http://proxy.example:3142";'
      : undefined,
};

function record(adapter: ReturnType<typeof debian>, builder: Probe) {
  const lines: string[] = [];
  const contents = new Map<string, string>();
  const ops: Partial<Ops> = {
    exec: (argv) => void lines.push(argv.map(textOf).join(' ')),
    write: (path, content) => {
      lines.push(`write ${textOf(path)}`);
      contents.set(textOf(path), textOf(content));
    },
    remove: (path) => void lines.push(`remove ${textOf(path)}`),
    makeDirectory: (path) => void lines.push(`folder ${textOf(path)}`),
    output: (name) => `/out/${name}`,
  };
  let given: RootOptions | undefined;
  const plan: Partial<PlanBuilder> = {
    root: (options, body) => {
      given = options;
      body(ops as Ops);
      return { tree: options.id };
    },
  };
  const context = { plan: plan as PlanBuilder, id: 'source:base', builder };
  adapter.bootstrap?.({ ...context, architecture: 'x86_64' });
  return { options: given, lines, contents };
}

it('runs mmdebstrap once, with the network and the shared downloads', () => {
  const { options, lines } = record(debian({ release: 'bookworm' }), EMPTY);
  expect(options).toMatchObject({
    id: 'source:base',
    network: true,
    downloads: [{ name: 'debian-bookworm-archives' }],
  });
  const commands = lines.filter((line) => line.startsWith('mmdebstrap'));
  expect(commands).toHaveLength(1);
  expect(commands[0]).toContain('--include=linux-image-amd64,systemd-sysv');
  expect(commands[0]).toMatch(/ bookworm \/out\/root$/);
});

it('leaves no name, name server, device or initrd link of the builder', () => {
  const { lines, contents } = record(debian({ release: 'trixie' }), EMPTY);
  expect(contents.get('/out/root/etc/resolv.conf')).toBe('');
  expect(contents.get('/out/root/etc/hostname')).toBe('debian\n');
  expect(lines).toContain('remove /out/root/dev');
  expect(lines).toContain('remove /out/root/initrd.img');
});

it("uses the builder's proxy while building and takes it away again", () => {
  const { contents } = record(debian(), PROXIED);
  expect(contents.get('/tmp/livesys-build/apt.conf')).toContain('http://proxy.example:3142');
  expect(contents.get('/tmp/livesys-build/hooks/customize.sh')).toContain(
    'rm "$1/etc/apt/apt.conf.d/99livesys-build"',
  );
});

it('drops documentation only in the minimal variant', () => {
  const excludes = (variant: 'minimal' | 'standard') =>
    record(debian({ variant }), EMPTY).lines.some((line) => line.includes('path-exclude'));
  expect(excludes('minimal')).toBe(true);
  expect(excludes('standard')).toBe(false);
});

it('plans the same thing twice', () => {
  expect(record(debian(), PROXIED)).toEqual(record(debian(), PROXIED));
});
