// From a fresh machine to a live system that has booted: set up, build, boot, say what is next.
import { setup } from './lib/setup.mjs';
import { main, run, Stop } from './lib/step.mjs';

const CONFIG = 'examples/minimal/livesys.config.ts';
const IMAGE = 'examples/minimal/dist/minimal.iso';

await main(async () => {
  await setup('live', process.argv.slice(2));
  await buildAndBoot();
});

/** What a user would type; everything above only prepares the checkout. */
async function buildAndBoot() {
  await livesys('build', '--config', CONFIG);
  await livesys('boot', IMAGE, '--headless');
}

/** @param {readonly string[]} args */
async function livesys(...args) {
  const { code } = await run(['./livesys', ...args], { quiet: false });
  if (code !== 0) throw new Stop('', code);
}
