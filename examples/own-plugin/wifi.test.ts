import { planWith, testPlugin, textsOf } from '@livesys/plugin-testkit';
import { expect, test } from 'vitest';
import { wifi } from './wifi.ts';

testPlugin(wifi({ country: 'DE' }), { test });

test('brings iwd, its settings and the country', () => {
  const { plan, entries } = planWith({ plugins: [wifi({ country: 'DE' })] });
  const words = (id: string) => plan.tasks.filter((task) => task.id === id).flatMap(textsOf);
  expect(words('tree:packages').join(' ')).toContain('iwd');
  expect(words('tree:fixups')).toContain('/etc/iwd/main.conf');
  const linux = entries.filter((entry) => entry.kind === 'linux');
  for (const entry of linux) expect(entry.arguments).toContain('cfg80211.ieee80211_regdom=DE');
});
