import type { SecretRule } from '../contract/secret-rule.ts';
import { KEY_RINGS } from './key-rings.ts';
import { SECRET_KEYS } from './secret-keys.ts';
import { SECRETS_OF_CONNECTIONS } from './secrets-of-connections.ts';
import { SECRETS_OF_SERVICES } from './secrets-of-services.ts';
import { SECRETS_OF_THE_MACHINE } from './secrets-of-the-machine.ts';
import { TOKENS } from './tokens.ts';
import { TRACES_OF_PEOPLE } from './traces-of-people.ts';

/** What is secret on any Linux. A distribution's adapter knows more. */
export const SECRETS: readonly SecretRule[] = [
  ...SECRETS_OF_THE_MACHINE,
  ...SECRETS_OF_SERVICES,
  ...SECRETS_OF_CONNECTIONS,
  ...SECRET_KEYS,
  ...TRACES_OF_PEOPLE,
  ...TOKENS,
  ...KEY_RINGS,
  // Services want the folders of their logs, with their owners.
  {
    kind: 'a log',
    paths: ['/var/log/**/*', '!/var/log/**/', '/var/crash/*', '/var/lib/systemd/coredump/*'],
  },
];
