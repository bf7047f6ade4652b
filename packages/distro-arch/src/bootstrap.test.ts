import type { Ops, PlanBuilder, Probe, RootOptions } from '@livesys/core/plugin';
import { memoryProbe } from '@livesys/plugin-testkit';
import { expect, it } from 'vitest';
import { ARCH_BUILDER } from '../../../test/support/arch-roots.ts';
import { textOf } from '../../../test/support/recorded-ops.ts';
import arch, { type ArchUserOptions } from './index.ts';

const BUILDER = memoryProbe(ARCH_BUILDER);
const MIRROR = 'https://mirror.example.org/archlinux';
const CONF = '/tmp/livesys-build/pacman.conf';

function record(options: ArchUserOptions = {}, builder: Probe = BUILDER) {
  const lines: string[] = [];
  const contents = new Map<string, string>();
  const ops: Partial<Ops> = {
    exec: (argv) => void lines.push(argv.map(textOf).join(' ')),
    copy: (from, to) => void lines.push(`copy ${textOf(from)} ${textOf(to)}`),
    write: (path, content) => void contents.set(textOf(path), textOf(content)),
    remove: (path) => void lines.push(`remove ${textOf(path)}`),
    makeDirectory: () => undefined,
    input: () => '/in/pacman.sh',
    output: (name) => `/out/${name}`,
  };
  let given: RootOptions | undefined;
  const plan: Partial<PlanBuilder> = {
    root: (root, body) => {
      given = root;
      body(ops as Ops);
      return { tree: root.id };
    },
  };
  const context = { plan: plan as PlanBuilder, id: 'source:base', builder };
  arch(options).bootstrap?.({ ...context, architecture: 'x86_64' });
  return { options: given, lines, contents, conf: contents.get(CONF) ?? '' };
}

it('checks, downloads and installs, in this order', () => {
  const { options, lines } = record();
  expect(options).toMatchObject({ id: 'source:base', network: true });
  expect(options?.in).toBeUndefined();
  const packages = 'base dracut sudo linux';
  expect(
    lines.filter((line) => line.includes('pacman')).map((line) => line.replace(/.* -- /, '')),
  ).toEqual(
    expect.arrayContaining([
      'sh /tmp/livesys-build/pacman.sh keyring /tmp/livesys-build/gnupg archlinux',
      `pacman --config ${CONF} --noconfirm --noprogressbar --sync --refresh --downloadonly ${packages}`,
      `sh /tmp/livesys-build/pacman.sh bootstrap /out/root ${packages}`,
    ]),
  );
});

it('takes another kernel', () => {
  expect(record({ kernel: 'linux-lts' }).lines.join('\n')).toMatch(/bootstrap .* linux-lts$/m);
});

it('requires signatures', () => {
  const { conf, contents, options } = record();
  expect(conf).toContain('SigLevel = Required DatabaseOptional\n');
  expect(contents.get('/out/root/etc/pacman.conf')).toContain('SigLevel = Required');
  expect(options?.title).not.toContain('signatures');
});

it('checks none only when it is told to, which the plan says', () => {
  const { conf, lines, options } = record(
    { signatures: 'never', mirror: MIRROR },
    memoryProbe({ files: {} }),
  );
  expect(conf).toContain('SigLevel = Never\n');
  expect(options?.title).toContain('signatures not checked');
  expect(lines.join('\n')).not.toContain('keyring');
});

it('checks as configured only when it is told to, each repository as its own section says', () => {
  const text = `[options]
SigLevel = Required DatabaseOptional TrustAll
DownloadUser = alpm
[mine]
Usage = Sync Install Upgrade
SigLevel = Optional
CacheServer = http://cache.example.org
Server = file:///srv/$repo
[seen]
Usage = Sync Search
Server = file:///seen
`;
  const files = { ...ARCH_BUILDER.files, '/etc/pacman.conf': text };
  const confs = (options: ArchUserOptions) => {
    const { conf, contents } = record(options, memoryProbe({ files }));
    return [conf, contents.get('/out/root/etc/pacman.conf') ?? ''] as const;
  };
  const [build, root] = confs({ signatures: 'as-configured' });
  for (const conf of [build, root]) {
    expect(conf).toContain('\nSigLevel = Required DatabaseOptional TrustAll\n');
    expect(conf).toContain('[mine]\nUsage = Sync Install Upgrade\nSigLevel = Optional\n');
    expect(conf).not.toContain('DownloadUser');
  }
  expect(build).toContain('CacheServer = http://cache.example.org\n');
  expect(root).not.toContain('CacheServer');
  expect(build).not.toContain('[seen]');
  expect(root).toContain('[seen]\nUsage = Sync Search\nServer');
  for (const conf of confs({}))
    expect(conf.match(/^SigLevel = .*$/gm)).toEqual(['SigLevel = Required DatabaseOptional']);
});

it('takes the keyrings that say whom they trust, and wants one', () => {
  const keys = (files: readonly string[]) => {
    const folder = '/usr/share/keyrings';
    const probe = memoryProbe({
      files: Object.fromEntries(files.map((name) => [`${folder}/${name}`, ''])),
    });
    return record({ mirror: MIRROR }, probe).lines.find((line) => line.includes(' keyring ')) ?? '';
  };
  const debian = ['debian-archive-keyring.gpg', 'archlinux.gpg', 'archlinux-trusted'];
  expect(keys(debian)).toMatch(/gnupg archlinux$/);
  expect(keys([...debian, 'manjaro.gpg', 'manjaro-trusted'])).toMatch(/archlinux manjaro$/);
  expect(() => keys(['debian-archive-keyring.gpg'])).toThrow(
    expect.objectContaining({ code: 'LIVESYS_TOOL_MISSING' }),
  );
});

it('leaves documentation out only in the minimal variant, now and later', () => {
  const confs = (variant: 'minimal' | 'standard') => {
    const { conf, contents } = record({ variant });
    return [conf, contents.get('/out/root/etc/pacman.conf') ?? ''];
  };
  for (const conf of confs('minimal')) expect(conf).toContain('NoExtract = usr/share/man/*');
  for (const conf of confs('standard')) expect(conf).not.toContain('NoExtract');
});

it('keeps downloads apart by mirrors and repositories', () => {
  const name = (options: ArchUserOptions) => record(options).options?.downloads?.[0]?.name;
  const mirror = 'https://a.example.org/arch';
  expect(name({ mirror })).toMatch(/^arch-a-example-org-[0-9a-f]{12}-packages$/);
  expect(name({ mirror: 'file:///srv/mirror' })).toMatch(/^arch-srv-[0-9a-f]{12}-packages$/);
  const others = [
    { mirror: 'https://a.example.org/archive' },
    { mirror, release: '2024-11-01' },
    { mirror, repositories: ['core', 'extra', 'mine'] },
    { mirror, repositories: ['mine', 'core'] },
  ];
  expect(new Set([{ mirror }, ...others].map(name)).size).toBe(5);
  expect(name({ mirror: `${mirror}/`, repositories: ['core', 'extra'] })).toBe(name({ mirror }));
});

it('plans the same thing twice', () => {
  expect(record()).toEqual(record());
});
