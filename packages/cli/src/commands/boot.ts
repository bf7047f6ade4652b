import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

import { parseMebibytes } from '../text/size.ts';
import { absolute, type AddCommand } from './command.ts';

export const addBoot: AddCommand = (program, context) => {
  program
    .command('boot')
    .summary('try a medium in a virtual machine')
    .description(
      'Boots a medium in QEMU, with its serial console on this terminal.\n' +
        'What the system writes is thrown away unless --write is given.',
    )
    .argument('<file>', 'an ISO or a disk image')
    .addOption(
      new Option('--firmware <kind>', 'what starts the machine')
        .choices(['bios', 'uefi'] as const)
        .default('bios' as const),
    )
    .addOption(
      new Option(
        '--as <kind>',
        'how the machine sees the file (default: a disk image as usb, else cdrom)',
      ).choices(['cdrom', 'usb'] as const),
    )
    .addOption(
      new Option('--memory <size>', 'memory of the machine, such as 2G or 512M')
        .argParser(memory)
        .default(2048, '2G'),
    )
    .option('--headless', 'open no window', false)
    .option('--append <arguments>', 'boot the kernel directly with these arguments added')
    .option('--write', 'keep what the system writes to a stick (--as usb)', false)
    .option('--secure-boot', 'UEFI that accepts signed loaders only', false)
    .action(async (file, options) => {
      const { bootMedium } = await import('../boot/boot-medium.ts');
      const { append, as, ...rest } = options;
      await bootMedium(
        {
          ...rest,
          file: absolute(context, file),
          ...(append === undefined ? {} : { append }),
          ...(as === undefined ? {} : { as }),
        },
        context,
      );
    });
};

function memory(text: string): number {
  const mebibytes = parseMebibytes(text);
  if (mebibytes === undefined) throw new InvalidArgumentError('Write 2G or 2048M.');
  return mebibytes;
}
