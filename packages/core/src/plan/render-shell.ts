import type { RefTarget } from '../contract/values.ts';
import {
  STEPS,
  type ImageDescription,
  type Operation,
  type Plan,
  type PlanPlace,
  type PlanTask,
  type PlanText,
} from './model.ts';
import { planDigest } from './digest.ts';
import { operationRefs } from './operations.ts';
import { showText } from './text.ts';

/**
 * The plan as a POSIX shell script, for reading and for trying single commands by hand. It says in
 * comments what the sandbox does: which root a task sees and what lies at its inputs.
 */
export function renderShell(plan: Plan): string {
  const read = new Set(
    plan.tasks.flatMap((task) => task.operations.flatMap(operationRefs)).map(refName),
  );
  const lines = [
    '#!/bin/sh',
    `# What livesys does for ${oneLine(plan.source)}; plan ${planDigest(plan).slice(0, 16)}.`,
    '# For reading: livesys runs each task in a root of its own, which is described above it.',
    'set -eu',
    `export SOURCE_DATE_EPOCH=${plan.sourceDateEpoch}`,
  ];
  for (const step of STEPS) {
    const tasks = plan.tasks.filter((task) => task.step === step);
    if (tasks.length > 0) lines.push('', `### ${step}`);
    for (const task of tasks) lines.push('', ...renderTask(task, read));
  }
  return `${lines.join('\n')}\n`;
}

function renderTask(task: PlanTask, read: ReadonlySet<string>): readonly string[] {
  const outputs = task.result.kind === 'artifacts' ? task.result.outputs : [];
  return [
    `# ${task.id}   ${oneLine(task.title)} (${task.plugin})`,
    `#   ${showPlace(task.place)}${task.network ? ', with network' : ''}`,
    ...task.inputs.map((input) => `#   ${input.at} is ${showInput(input)}`),
    ...(task.result.kind === 'output' ? [`#   makes ${oneLine(task.result.path)}`] : []),
    ...task.operations.map(renderOperation),
    ...outputs
      .map((output) => ({ output, name: refName({ kind: 'content', task: task.id, output }) }))
      .filter(({ name }) => read.has(name))
      .map(({ output, name }) => `${name}=$(cat /tmp/livesys/out/${output})`),
  ];
}

function showPlace(place: PlanPlace): string {
  if (place.kind === 'layer') return `a new layer on ${place.on}, seen as /`;
  if (place.kind === 'chroot') return `in ${place.tree}, read-only`;
  const mounts = Object.entries(place.mounts).map(([path, tree]) => `, ${tree} at ${path}`);
  return `${place.kind === 'tools' ? `in the tools tree ${place.tree}` : 'on the builder'}, read-only${mounts.join('')}`;
}

function showInput(input: PlanTask['inputs'][number]): string {
  switch (input.kind) {
    case 'tree':
      return `${input.tree}${input.paths === undefined ? '' : ` (${input.paths.join(' ')})`}`;
    case 'topLayer':
      return `the top layer of ${input.tree}`;
    case 'artifact':
      return `${input.output} of ${input.task}`;
    case 'blob':
      return `a file that the plugin ships, sha256 ${input.sha256.slice(0, 12)}`;
    case 'builderPath':
      return oneLine(input.path);
  }
}

function renderOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'exec':
      return command(operation, operation.argv.map(word).join(' '));
    case 'pipe':
      return command(
        operation,
        operation.commands.map((argv) => argv.map(word).join(' ')).join(' |\n  '),
      );
    case 'write':
      return `install -D -m ${octal(operation.mode)} /dev/stdin ${word(operation.path)} ${heredoc(operation.content)}`;
    case 'copy':
      return `cp -a -T ${word(operation.from)} ${word(operation.to)}${operation.owner === 'root' ? ' # all owned by root, folders as they are there or 0755' : ''}`;
    case 'link':
      return `ln -sfn ${word(operation.target)} ${word(operation.path)}`;
    case 'remove':
      return `rm -rf ${word(operation.path)}`;
    case 'makeDirectory':
      return `install -d -m ${octal(operation.mode)} ${word(operation.path)}`;
    case 'digest':
      return `sha256sum <${word(operation.of)} | cut -c-${operation.length} >${word(operation.to)}`;
    case 'accessLists':
      return `cp ${word(operation.of)} ${word(operation.to)} # livesys turns it into lines for systemd-tmpfiles, and paths beside them`;
    case 'laid':
      return `: >${word(operation.to)} # livesys lists what lies in ${operation.of.map((text) => oneLine(showText(text))).join(', ')} and is left out by ${oneLine(showText(operation.leftOut))}`;
    case 'append':
      return [
        `truncate --size=%1M ${word(operation.to)}`,
        `dd if=${word(operation.from)} of=${word(operation.to)} bs=1M oflag=append conv=notrunc`,
        `truncate --size=%1M ${word(operation.to)}`,
      ].join('\n');
    case 'partition':
      return [
        `# livesys writes the partition table of ${oneLine(showText(operation.image))}`,
        ...operation.partitions.map(
          ({ number, type, name, size }) =>
            `# partition ${number}: ${oneLine(name)} type ${type}, ${size === 'rest' ? 'the rest' : `as large as ${oneLine(showText(size.of))}`}`,
        ),
        `truncate --size=+1M ${word(operation.image)}`,
      ].join('\n');
    case 'manifest':
      return [
        '# livesys writes the manifest from the hash and size of each layer, and the image id from them',
        ...operation.image.layers.map(
          ({ name, file, verity }) =>
            `sha256sum ${word(file)}${showVerity(verity)} # layer ${name}`,
        ),
        ...operation.image.profiles.map(
          (profile) => `# profile ${profile.name}: ${profile.layers.join(', ')}`,
        ),
        ...Object.values(operation.to).map((path) => `: >${word(path)}`),
      ].join('\n');
  }
}

function showVerity(verity: ImageDescription['layers'][number]['verity']): string {
  return verity === undefined ? '' : ` && echo ${word(verity.offset)} ${word(verity.rootHash)}`;
}

interface Settings {
  readonly cwd?: PlanText;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: PlanText;
}

function command({ cwd, env, stdin }: Settings, line: string): string {
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${word(value)} `);
  const input = stdin === undefined ? '' : ` ${heredoc(stdin)}`;
  const whole = `${variables.length === 0 ? '' : `env ${variables.join('')}`}${line}${input}`;
  return cwd === undefined ? whole : `(cd ${word(cwd)} && ${whole})`;
}

/** One argument, quoted only where needed; references become variables. */
function word(text: PlanText): string {
  if (typeof text === 'string')
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `"${text.map((part) => (typeof part === 'string' ? escaped(part) : `\${${refName(part.ref)}}`)).join('')}"`;
}

function heredoc(text: PlanText): string {
  const plain = typeof text === 'string';
  const content = plain
    ? text
    : text
        .map((part) =>
          typeof part === 'string' ? escaped(part, false) : `\${${refName(part.ref)}}`,
        )
        .join('');
  const end = delimiter(content);
  return `<<${plain ? `'${end}'` : end}\n${content}${content.endsWith('\n') || content === '' ? '' : '\n'}${end}`;
}

function delimiter(content: string): string {
  let end = 'EOF';
  while (content.split('\n').includes(end)) end += '_';
  return end;
}

function escaped(text: string, quotes = true): string {
  return text.replaceAll(quotes ? /[$`"\\]/g : /[$`\\]/g, String.raw`\$&`);
}

function refName(ref: RefTarget): string {
  if (ref.kind === 'secret') return 'SECRET';
  return `${ref.task}_${ref.output}`.replaceAll(/\W/g, '_');
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
