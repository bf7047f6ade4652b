import { InvalidArgumentError } from '@commander-js/extra-typings';

import { parseBytes } from '../text/size.ts';
import { absolute, type AddCommand, optionalPath } from './command.ts';

export const addWrite: AddCommand = (program, context) => {
  program
    .command('write')
    .summary('put a medium on a stick')
    .description(
      'Writes an ISO or a disk image to a stick, reads it back and compares, and\n' +
        'makes room for changes that stay. Everything on the stick is erased, after\n' +
        'asking for its name. Without a device it shows those that there are.',
    )
    .argument('<file>', 'an ISO or a disk image')
    .argument('[device]', 'the device of the stick, such as /dev/sdb')
    .option(
      '--persistence <size>',
      'room for changes: all that is left, none, or such as 8G',
      wantedData,
    )
    .option('--yes-wipe <device>', 'erase this device without asking')
    .option('--fixed <device>', 'write to this device although it is built in')
    .option('--json', 'print one event per line', false)
    .action(async (file, device, { persistence, yesWipe, fixed, json }) => {
      const { writeMedium } = await import('../write/write-medium.ts');
      await writeMedium(
        {
          file: absolute(context, file),
          json,
          ...optionalPath(context, 'device', device),
          ...optionalPath(context, 'yesWipe', yesWipe),
          ...optionalPath(context, 'fixed', fixed),
          ...(persistence === undefined ? {} : { persistence }),
        },
        context,
      );
    });
};

function wantedData(text: string): 'all' | 'none' | number {
  if (text === 'all' || text === 'none') return text;
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new InvalidArgumentError('Write all, none, or a size such as 8G.');
  return bytes;
}
