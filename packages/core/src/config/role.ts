import type { Builtins } from './builtins.ts';

/** What a part of a build is for, as the contract's `role` says; a plain plugin has none. */
export type Role = 'source' | 'distro' | 'initramfs' | 'bootloader' | 'output' | 'plugin';

/** What is known of a role before an instance is there. */
export interface RoleRow {
  readonly noun: string;
  /** The key of a config where it belongs. */
  readonly key: string;
  readonly builtins: keyof Builtins;
  readonly functions: readonly string[];
  readonly lists: readonly string[];
  readonly texts: readonly string[];
  /** Lists inside `supports`. */
  readonly supports: readonly string[];
}

const none = { functions: [], lists: [], texts: [], supports: [] };

/** The members that every instance of a role must have. */
export const ROLES: Readonly<Record<Role, RoleRow>> = {
  source: {
    ...none,
    noun: 'source',
    key: 'source',
    builtins: 'sources',
    functions: ['plan'],
    texts: ['label'],
  },
  distro: {
    ...none,
    noun: 'distribution adapter',
    key: 'distro',
    builtins: 'distros',
    functions: ['detect', 'installPackages', 'downloads', 'excludes', 'volatile', 'generalize'],
    lists: ['ids', 'packagePaths'],
  },
  initramfs: {
    ...none,
    noun: 'initramfs builder',
    key: 'initramfs',
    builtins: 'initramfs',
    functions: ['build'],
    lists: ['kernelArguments'],
    supports: ['phases'],
  },
  bootloader: {
    ...none,
    noun: 'boot loader',
    key: 'bootloader',
    builtins: 'bootloaders',
    functions: ['assets'],
    supports: ['firmware', 'architecture'],
  },
  output: {
    ...none,
    noun: 'output',
    key: 'outputs',
    builtins: 'outputs',
    functions: ['build'],
    lists: ['firmware'],
    texts: ['format'],
  },
  plugin: { ...none, noun: 'plugin', key: 'plugins', builtins: 'plugins' },
};
