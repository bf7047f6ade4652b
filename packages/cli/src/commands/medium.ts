import { CommanderError } from '@commander-js/extra-typings';

import type { Context } from '../terminal/context.ts';
import { nearestName } from '../text/nearest.ts';
import { absolute, type AddCommand } from './command.ts';

const ACTIONS = ['status', 'verify', 'profile', 'persistence'] as const;

export const addMedium: AddCommand = (program, context) => {
  program
    .command('medium')
    .summary('check or switch a medium')
    .description(
      'A medium is an ISO, a disk image, or the device of a stick; images need no root.\n\n' +
        'status               what is on it, what it keeps, what the next boot takes\n' +
        'verify               reads every layer and compares it with the manifest\n' +
        'profile list         the profiles it has\n' +
        'profile use NAME     what the next boot takes\n' +
        'persistence on|off   whether changes are kept from the next boot on\n' +
        'persistence reset    the next boot starts without what is stored, and\n' +
        '                     deletes it; until then --cancel takes it back',
    )
    .argument('<medium>', 'an image, or the device of a stick')
    .argument('<action...>', 'what to do, see above')
    .option('--cancel', 'take a reset back', false)
    .option('--json', 'print the result as data', false)
    .action(async (medium, [verb = '', ...words], { cancel, json }) => {
      const action = ACTIONS.find((one) => one === verb);
      if (action === undefined) throw unknown(verb);
      await ACT[action]({ path: absolute(context, medium), words, context, cancel, json });
    });
};

interface Request {
  readonly path: string;
  readonly words: readonly string[];
  readonly context: Context;
  readonly cancel: boolean;
  readonly json: boolean;
}

const ACT: Readonly<Record<(typeof ACTIONS)[number], (request: Request) => Promise<void>>> = {
  async status({ path, words, context, json }) {
    if (words.length > 0) throw wrong('status');
    const { showStatus } = await import('../medium/status.ts');
    await showStatus(path, context, { json });
  },
  async verify({ path, words, context, json }) {
    if (words.length > 0) throw wrong('verify');
    const { verifyFile } = await import('../medium/verify-file.ts');
    await verifyFile(path, context, { json });
  },
  async profile({ path, words, context, json }) {
    const [verb, name, ...rest] = words;
    if (verb === 'list' && name === undefined) {
      const { listProfiles } = await import('../medium/status.ts');
      await listProfiles(path, context, { json });
    } else if (verb === 'use' && name !== undefined && rest.length === 0) {
      const { useProfile } = await import('../medium/switch.ts');
      await useProfile(path, name, context);
    } else throw wrong('profile list|use NAME');
  },
  async persistence({ path, words, context, cancel }) {
    const [verb, ...rest] = words;
    if (rest.length > 0 || (cancel && verb !== 'reset')) throw wrong('persistence on|off|reset');
    const { cancelReset, resetPersistence, setPersistence } = await import('../medium/switch.ts');
    if (verb === 'on' || verb === 'off') await setPersistence(path, verb, context);
    else if (cancel) await cancelReset(path, context);
    else if (verb === 'reset') await resetPersistence(path, context);
    else throw wrong('persistence on|off|reset');
  },
};

function unknown(action: string): CommanderError {
  const near = nearestName(action, ACTIONS);
  const hint = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  const message = `a medium has no action "${action}": it has ${ACTIONS.join(', ')}${hint}`;
  return new CommanderError(2, 'livesys.medium', message);
}

function wrong(form: string): CommanderError {
  return new CommanderError(2, 'livesys.medium', `write: livesys medium MEDIUM ${form}`);
}
