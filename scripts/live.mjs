// From a fresh machine to a live system that has booted: set up, build, boot, say what is next.
import { bootCheck } from './lib/boot-check.mjs';
import { setup } from './lib/setup.mjs';
import { main, run, Stop } from './lib/step.mjs';

const CONFIG = 'examples/minimal/livesys.config.ts';
const IMAGE = 'examples/minimal/dist/minimal.iso';

await main(async () => {
  await setup('live', process.argv.slice(2));
  const { code } = await run(['./livesys', 'build', '--config', CONFIG], { quiet: false });
  if (code !== 0) throw new Stop('', code);
  await boot();
});

/** Starts what was built, as a CD on a BIOS, and waits for a sign of life from inside. */
async function boot() {
  console.log(`\nbooting ${IMAGE} in QEMU, from its boot menu to the end of start-up …`);
  const { ms, kvm, root, profile, layers, failedUnits } = await bootCheck(IMAGE);
  if (failedUnits > 0) throw new Stop(`The system came up with ${failedUnits} failed units.`, 5);
  const seconds = Math.round(ms / 1000);
  console.log(
    [
      ` ✓ booted in ${seconds} s${kvm ? '' : ' (emulated: this machine has no usable KVM)'}`,
      `   / is an ${root} of ${layers.join(', ')}; profile ${profile}`,
      '',
      `The image is ${IMAGE}. Next:`,
      `  ./livesys boot ${IMAGE} --headless   log in on this terminal (user live)`,
      '  ./livesys init                       a config of your own',
      '  ./livesys --help                     everything else',
    ].join('\n'),
  );
}
