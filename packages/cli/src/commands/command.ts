import { resolve } from 'node:path';

import type { Command } from '@commander-js/extra-typings';

import type { Context } from '../terminal/context.ts';

/** Adds one command. What it runs is imported when it runs, so that help stays quick. */
export type AddCommand = (program: Command, context: Context) => void;

/** An option or argument with a path, absolute. */
export const absolute = ({ cwd }: Context, path: string): string => resolve(cwd, path);

/** The same for one that may be left out: `{}` or `{ [key]: path }`. */
export function optionalPath<K extends string>(
  context: Context,
  key: K,
  path: string | undefined,
): { readonly [P in K]?: string } {
  return path === undefined ? {} : ({ [key]: absolute(context, path) } as { [P in K]: string });
}

/** For options that may be given several times or as a list: `--refresh a,b --refresh c`. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...value.split(',').filter((part) => part !== ''),
];
