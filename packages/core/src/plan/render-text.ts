import type { ManifestProfile } from '../medium/manifest.ts';
import { STEPS, type Plan, type Step } from './model.ts';
import { planDigest } from './digest.ts';
import { renderLeftOut } from './render-left-out.ts';
import { renderMounts, type MountTextOptions } from './render-mounts.ts';

/** What the text needs to know of each task here and now. */
interface TaskState {
  readonly id: string;
  readonly state: 'cached' | 'run';
  readonly reason?: string;
}

export interface TextOptions {
  readonly tasks: readonly TaskState[];
  readonly cache: string;
  readonly spaceNeeded: number;
  readonly spaceFree: number;
  /** How large the mounts of the running system are, in bytes. */
  readonly mounts: MountTextOptions['sizes'];
  /** Bytes that the base would take by goal of compression, where that is known. */
  readonly goals?: Readonly<Record<string, number>> | undefined;
  /** What stays out of the base, where it was measured. */
  readonly leftOut?: Parameters<typeof renderLeftOut>[0] | undefined;
  /** Shows every exclude instead of their number. */
  readonly excludes: boolean;
  formatBytes(bytes: number): string;
  describeProfile(profile: ManifestProfile): string;
}

const SHOWN: Readonly<Record<Step, string>> = {
  source: '  source',
  installFilesystems: '0 installFilesystems',
  prepareImage: '1 prepareImage',
  buildInitramfs: '2 buildInitramfs',
  installBootloader: '3 installBootloader',
};

/** The plan for people: what goes in and out, each task with its state, and all that is written. */
export function renderText(plan: Plan, options: TextOptions): string {
  const width = Math.max(...plan.tasks.map((task) => task.title.length), 16) + 2;
  const state = new Map(options.tasks.map((task) => [task.id, task]));
  const lines: string[] = [
    ...sourceLines(plan, options),
    ...kernelLines(plan),
    ...profileLines(plan, options),
  ];
  for (const step of STEPS) {
    const tasks = plan.tasks.filter((task) => task.step === step);
    if (tasks.length > 0) lines.push(` ${SHOWN[step]}`);
    for (const { id, title } of tasks) {
      const { state: now = 'run', reason = '' } = state.get(id) ?? {};
      lines.push(
        `   ${title.padEnd(width)}${now === 'cached' ? 'cached' : `will run    ${reason}`}`.trimEnd(),
      );
    }
  }
  const outputs = plan.tasks.flatMap((task) =>
    task.result.kind === 'output' ? [task.result.path] : [],
  );
  lines.push(`writes only: ${[options.cache, ...outputs].join(', ')}`);
  lines.push(
    `space        ${options.formatBytes(options.spaceNeeded)} needed, ${options.formatBytes(options.spaceFree)} free`,
  );
  lines.push(
    `digest       ${planDigest(plan).slice(0, 16)}   (livesys plan --shell shows every command)`,
  );
  return `${lines.join('\n')}\n`;
}

function sourceLines(plan: Plan, options: TextOptions): readonly string[] {
  const layer = plan.trees['source:base']?.layers[0];
  const { leftOut, excludes: all } = options;
  const formatBytes = (bytes: number): string => options.formatBytes(bytes);
  const lines = [`source      ${plan.source} → base layer`];
  if (layer?.kind === 'directory') lines.push(`            in:  ${layer.path}`);
  if (layer?.kind === 'mounts') {
    lines.push(...renderMounts(layer.mounts, { sizes: options.mounts, all, formatBytes }));
  }
  lines.push(...goalLine(options));
  if (leftOut !== undefined) lines.push(...renderLeftOut(leftOut, { all, formatBytes }));
  if (layer === undefined || layer.kind === 'task' || layer.leaveOut === undefined) return lines;
  const { excludes, secrets, include } = layer.leaveOut;
  const rules = [...excludes, ...secrets];
  // Where it is known what they come to, the lines themselves say little.
  if (leftOut === undefined) lines.push(...listed('left out', rules, options));
  else if (all) lines.push(...listed('by the lines', rules, options));
  return [...lines, ...listed('brought back', include, options)];
}

function kernelLines({ passedOver = [] }: Plan): readonly string[] {
  return passedOver.map(
    ({ release, lacks }, index) =>
      `${index === 0 ? 'passed over ' : ' '.repeat(12)}kernel ${release}: there is no ${lacks}`,
  );
}

function goalLine(options: TextOptions): readonly string[] {
  if (options.goals === undefined) return [];
  const sizes = Object.entries(options.goals);
  const shown = sizes.map(([goal, bytes]) => `${goal} ${options.formatBytes(bytes)}`);
  return [`            compressed, about: ${shown.join(', ')}`];
}

function listed(label: string, rules: readonly string[], options: TextOptions): readonly string[] {
  if (rules.length === 0) return [];
  const shown = options.excludes ? rules : rules.slice(0, 3);
  const rest = rules.length - shown.length;
  return [
    `            ${label}: ${shown.join(', ')}${rest > 0 ? `, ${rest} more (livesys plan --excludes)` : ''}`,
  ];
}

function profileLines(plan: Plan, options: TextOptions): readonly string[] {
  const operations = plan.tasks.flatMap((task) => task.operations);
  const manifest = operations.find((operation) => operation.kind === 'manifest');
  if (manifest === undefined) return [];
  const profiles = manifest.image.profiles.map((profile) => options.describeProfile(profile));
  return [`profiles    ${profiles.join(', ')}`];
}
