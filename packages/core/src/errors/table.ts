/**
 * Every error livesys can end with. Codes are permanent: scripts and documentation rely on them.
 * `docs/errors.md` is generated from this table.
 */
export const ERRORS = {
  LIVESYS_INTERNAL: row(
    1,
    'A defect in livesys or a plugin',
    'Run again with --debug and report what it prints.',
  ),
  LIVESYS_PLUGIN_DEFECT: row(
    1,
    'A plugin broke the contract',
    'Report it to the author of the plugin.',
  ),
  LIVESYS_USAGE: row(2, 'The command line is not understood', 'See livesys --help.'),
  LIVESYS_CONFIG_NOT_FOUND: row(
    2,
    'There is no config',
    'Name one that is there, or make one with livesys init.',
  ),
  LIVESYS_CONFIG_UNREADABLE: row(
    3,
    'The config cannot be loaded',
    'Mend the file at the place named above.',
  ),
  LIVESYS_CONFIG_INVALID: row(
    3,
    'The config has problems',
    'Mend the keys named above; docs/configuration.md lists all of them.',
  ),
  LIVESYS_PLUGIN_NOT_FOUND: row(
    3,
    'A plugin is not installed',
    'Install it beside the config: npm install NAME.',
  ),
  LIVESYS_PLUGIN_INCOMPATIBLE: row(
    3,
    'A plugin is written for another plugin API',
    'Install a version that fits.',
  ),
  LIVESYS_PARTS_DO_NOT_FIT: row(
    3,
    'Parts of the config do not fit together',
    'Choose parts that fit; both sides are named above.',
  ),
  LIVESYS_DISTRO_UNKNOWN: row(
    3,
    'No adapter serves this distribution',
    'Name an adapter in the config (distro), or install one.',
  ),
  LIVESYS_NEED_UNRESOLVED: row(
    3,
    'No package is known for a need',
    'Name one in the config: packageNames.',
  ),
  LIVESYS_SOURCE_NOT_ROOT: row(
    3,
    'The source is not a root file system',
    'Name a folder that holds an installed Linux system.',
  ),
  LIVESYS_SOURCE_UNREADABLE: row(
    4,
    'Parts of the source cannot be read',
    'Run the build with sudo, or leave them out with excludes.',
  ),
  LIVESYS_SOURCE_MISSING: row(
    3,
    'The source does not exist',
    'Check the path; relative ones count from the folder of the config.',
  ),
  LIVESYS_KERNEL_MISSING: row(
    3,
    'The source has no kernel with its modules',
    'Install a kernel package in the source.',
  ),
  LIVESYS_KERNEL_MISSING_MODULE: row(
    3,
    'The kernel lacks something a live system needs',
    'Install a general kernel in the source.',
  ),
  LIVESYS_OUTPUT_EXISTS: row(
    2,
    'The output is there already and is not from livesys',
    'Name another file, or allow it with --force.',
  ),
  LIVESYS_OUTPUT_UNWRITABLE: row(
    2,
    'The output cannot be written there',
    'Choose another folder with -o.',
  ),
  LIVESYS_OUTPUT_IN_SOURCE: row(
    3,
    'The output would lie in the source',
    'Choose a file outside of it with -o.',
  ),
  LIVESYS_FACTS_INVALID: row(
    3,
    'The facts file cannot be used',
    'Write it again with livesys plan --write-facts FILE.',
  ),
  LIVESYS_TOOL_MISSING: row(
    4,
    'A program is missing on this machine',
    'Install the package named above.',
  ),
  LIVESYS_NO_SPACE: row(
    4,
    'There is not enough space',
    'Free some, or set LIVESYS_CACHE to a larger file system.',
  ),
  LIVESYS_NO_NAMESPACES: row(
    4,
    'This machine does not allow user namespaces',
    'Run with sudo, or see livesys doctor.',
  ),
  LIVESYS_NEEDS_ROOT: row(4, 'Only root may do this', 'Run the same command with sudo.'),
  LIVESYS_CACHE_UNSUITABLE: row(
    4,
    'The cache cannot live there',
    'Set LIVESYS_CACHE to a folder on a local disk such as ext4.',
  ),
  LIVESYS_CACHE_BUSY: row(4, 'Another livesys uses the cache', 'Wait for it to end.'),
  LIVESYS_COMMAND_FAILED: row(
    5,
    'A command failed',
    'The end of its output is above; the full log is named there.',
  ),
  LIVESYS_OPERATION_FAILED: row(5, 'An operation failed', 'The reason is above.'),
  LIVESYS_SANDBOX_FAILED: row(
    5,
    'The sandbox ended unexpectedly',
    'Run again; if it happens twice, run livesys doctor.',
  ),
  LIVESYS_BOOT_FAILED: row(5, 'The medium did not boot', 'The end of the console is above.'),
  LIVESYS_MEDIUM_INVALID: row(
    5,
    'The file is not an intact livesys medium',
    'Write or build it again.',
  ),
  LIVESYS_MEDIUM_DIFFERS: row(
    5,
    'The medium does not hold what the source holds',
    'A file that changed since the build differs, too: build again, then compare.',
  ),
  LIVESYS_DATA_MISSING: row(
    2,
    'The medium has no place to keep changes',
    'Write it with livesys write, or choose "Set up persistence on this stick" when it starts.',
  ),
  LIVESYS_DATA_ENCRYPTED: row(
    2,
    'What the medium keeps is encrypted',
    'Start it, type the passphrase and switch there with livesysctl; or choose in its boot menu.',
  ),
  LIVESYS_DATA_DAMAGED: row(
    5,
    'What the medium keeps is damaged',
    'Check its file system with e2fsck, or write the medium again.',
  ),
  LIVESYS_DEVICE_IN_USE: row(
    2,
    'The device or image is in use',
    'Unmount it, or end what uses it, and run the same command again.',
  ),
  LIVESYS_DEVICE_REFUSED: row(
    2,
    'The device may not be written to',
    'Name another one; livesys write without a device shows those that there are.',
  ),
  LIVESYS_WRITE_FAILED: row(
    5,
    'The device could not be written',
    'Write it again; try another port or stick if that repeats.',
  ),
  LIVESYS_WRITE_DIFFERS: row(
    5,
    'The device does not keep what is written to it',
    'Try another port, then another stick.',
  ),
  LIVESYS_PLAN_INVALID: row(
    6,
    'The plan file cannot be used',
    'Make it again with livesys plan --json.',
  ),
  LIVESYS_PLAN_UNSAFE: row(
    6,
    'The plan would do something unsafe',
    'Nothing was done. The rule and the task are named above.',
  ),
  LIVESYS_PLAN_STALE: row(
    6,
    'The plan does not fit the source any more',
    'Make it again with livesys plan.',
  ),
  LIVESYS_SNAPSHOT_FAILED: row(
    5,
    'A snapshot of the source could not be taken',
    'Mend what is named above, or build without: host({ snapshots: false }).',
  ),
  LIVESYS_SNAPSHOT_FULL: row(
    5,
    'A snapshot of the source ran full while it was read',
    'Leave more room free in the volume group, write less meanwhile, or put cache and outputs on another volume; without snapshots: host({ snapshots: false }).',
  ),
  LIVESYS_NOT_RELEASED: row(7, 'Something could not be released', 'What is left is named above.'),
  LIVESYS_INTERRUPTED: row(
    130,
    'Interrupted',
    'Run the same command again; finished tasks are kept.',
  ),
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** One line of the table: exit code, title, and what to do unless the place knows better. */
export interface ErrorRow {
  readonly exitCode: number;
  readonly title: string;
  readonly hint: string;
}

function row(exitCode: number, title: string, hint: string): ErrorRow {
  return { exitCode, title, hint };
}
