import { expect, it } from 'vitest';
import { parseAptConf, reachSettings, renderSettings } from './apt-conf.ts';

const CONF = `// a comment { with braces }
Acquire::http::Proxy "http://proxy.example:3142"; # why
Acquire { Retries "3"; http { Timeout "20"; }; };
/* Acquire::Check-Date "true"; */
APT::Install-Recommends "false";
DPkg::Post-Invoke { "rm -f /x"; };
Acquire::http::Proxy-Auto-Detect "/usr/bin/find-proxy";
`;

it('reads both ways of writing a setting', () => {
  expect(parseAptConf(CONF)).toContainEqual({ name: 'Acquire::http::Timeout', value: '20' });
  expect(parseAptConf(CONF)).toContainEqual({ name: 'APT::Install-Recommends', value: 'false' });
});

it('takes from the builder what is needed to reach its mirrors, and nothing else', () => {
  const files: Record<string, string> = {
    '/etc/apt/apt.conf.d/50proxy': CONF,
    '/etc/apt/apt.conf.d/60proxy': 'Acquire::HTTP::Proxy "DIRECT";',
    '/etc/apt/apt.conf.d/70proxy.dpkg-old': 'Acquire::Retries "9";',
  };
  const settings = reachSettings({
    readText: (path) => files[path],
    list: () => Object.keys(files).map((path) => path.replace(/.*\//, '')),
    stat: () => undefined,
    realPath: () => undefined,
  });
  expect(renderSettings(settings)).toBe(
    'Acquire::HTTP::Proxy "DIRECT";\nAcquire::Retries "3";\nAcquire::http::Timeout "20";\n',
  );
});

it('refuses a proxy whose password would be readable in the plan, and does not tell it', () => {
  const text = 'Acquire::http::Proxy "http://me:wo@rd@proxy.example:3142";';
  const builder = {
    ...{ stat: () => undefined, realPath: () => undefined, list: () => ['proxy'] },
    readText: (path: string) => (path.endsWith('/proxy') ? text : undefined),
  };
  expect(() => reachSettings(builder)).toThrow(
    /^the proxy http:\/\/…@proxy\.example:3142 of apt's setting Acquire::http::Proxy holds/,
  );
});
