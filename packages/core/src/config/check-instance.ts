import semver from 'semver';
import { API_VERSION } from '../plugins/api-version.ts';
import { ROLES, type Role } from './role.ts';
import type { ProblemKind } from './problem.ts';

type Members = Readonly<Record<string, unknown>>;

/** What is wrong with an instance, without the place in the config. */
export interface InstanceProblem {
  readonly text: string;
  readonly kind: ProblemKind;
}

/**
 * Compares what a factory returned with the contract of its role, by its members alone, because it
 * may come from another copy of this package. Undefined when it fits.
 */
export function checkInstance(value: unknown, role: Role): InstanceProblem | undefined {
  if (!isMembers(value)) return broken(`is not ${article(ROLES[role].noun)}: it must be an object`);
  const bare = ['name', 'version', 'apiVersion'].filter((key) => !isText(value[key]));
  if (bare.length > 0) return broken(`is not a plugin: it lacks ${bare.join(', ')}`);
  return wrongRole(value, role) ?? wrongApi(value) ?? missingMembers(value, role);
}

function wrongRole(value: Members, role: Role): InstanceProblem | undefined {
  const is = value['role'];
  if (is === undefined ? role === 'plugin' : is === role) return undefined;
  const other = typeof is === 'string' && Object.hasOwn(ROLES, is) ? ROLES[is as Role] : undefined;
  if (other) return broken(`${String(value['name'])} is for the key "${other.key}"`);
  return broken(`${String(value['name'])} is not ${article(ROLES[role].noun)}`);
}

function wrongApi(value: Members): InstanceProblem | undefined {
  const [name, version, range] = [value['name'], value['version'], value['apiVersion']].map(String);
  const who = `${name} ${version}`;
  if (range === undefined || semver.validRange(range) === null) {
    return broken(
      `${who} says it is written for plugin API "${range}", which is not a range of versions`,
    );
  }
  if (semver.satisfies(API_VERSION, range)) return undefined;
  const newer = semver.gtr(API_VERSION, range) ? 'latest' : String(semver.major(API_VERSION));
  const install = isPackageName(name ?? '') ? `: npm install ${name}@${newer}` : '';
  return {
    kind: 'plugin-api',
    text: `${who} is written for plugin API ${range}, this is ${API_VERSION}${install}`,
  };
}

function missingMembers(value: Members, role: Role): InstanceProblem | undefined {
  const { noun, functions, lists, texts, supports } = ROLES[role];
  const inSupports = isMembers(value['supports']) ? value['supports'] : {};
  const missing = [
    ...functions.filter((key) => typeof value[key] !== 'function').map((key) => `${key}()`),
    ...lists.filter((key) => !Array.isArray(value[key])),
    ...texts.filter((key) => !isText(value[key])),
    ...supports.filter((key) => !Array.isArray(inSupports[key])).map((key) => `supports.${key}`),
    ...('apply' in value && value['apply'] !== undefined && typeof value['apply'] !== 'function'
      ? ['apply()']
      : []),
  ];
  if (missing.length === 0) return undefined;
  const who = `${String(value['name'])} ${String(value['version'])}`;
  return broken(`${who} is not a whole ${noun}: it lacks ${missing.join(', ')}`);
}

/** Whether npm could install it under this name. */
export function isPackageName(name: string): boolean {
  return /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name);
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
const broken = (text: string): InstanceProblem => ({ kind: 'config', text });
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
