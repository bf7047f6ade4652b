import type { RefTarget } from '../contract/values.ts';
import type { Operation, PlanText } from './model.ts';
import { textRefs } from './text.ts';

/** Every text of an operation. */
export function operationTexts(operation: Operation): readonly PlanText[] {
  switch (operation.kind) {
    case 'exec':
      return [...operation.argv, ...commandTexts(operation)];
    case 'pipe':
      return [...operation.commands.flat(), ...commandTexts(operation)];
    case 'write':
      return [operation.path, operation.content];
    case 'copy':
      return [operation.from, operation.to];
    case 'link':
      return [operation.target, operation.path];
    case 'remove':
    case 'makeDirectory':
      return [operation.path];
    case 'digest':
    case 'accessLists':
      return [operation.of, operation.to];
    case 'laid':
      return [...operation.of, operation.in, operation.leftOut, operation.to];
    case 'append':
      return [operation.from, operation.to];
    case 'partition':
      return [
        operation.image,
        operation.id,
        ...operation.partitions.flatMap(({ size }) => (size === 'rest' ? [] : [size.of])),
      ];
    case 'manifest':
      return [
        operation.to.manifest,
        operation.to.json,
        operation.to.id,
        ...operation.image.layers.flatMap(({ file, verity }) =>
          verity === undefined ? [file] : [file, verity.offset, verity.rootHash],
        ),
        ...operation.image.kernels.map((kernel) => kernel.image),
      ];
  }
}

function commandTexts(options: { cwd?: PlanText; stdin?: PlanText }): readonly PlanText[] {
  return [options.cwd, options.stdin].filter((text) => text !== undefined);
}

/** Every reference of an operation. */
export function operationRefs(operation: Operation): readonly RefTarget[] {
  return operationTexts(operation).flatMap((text) => textRefs(text));
}

/** The paths that an operation writes. */
export function writtenPaths(operation: Operation): readonly PlanText[] {
  switch (operation.kind) {
    case 'exec':
    case 'pipe':
      return [];
    case 'write':
    case 'link':
    case 'remove':
    case 'makeDirectory':
      return [operation.path];
    case 'copy':
    case 'digest':
    case 'append':
    case 'laid':
      return [operation.to];
    case 'accessLists':
      return [operation.to, pathsBeside(operation.to)];
    case 'partition':
      return [operation.image];
    case 'manifest':
      return [operation.to.manifest, operation.to.json, operation.to.id];
  }
}

/** The second file of `accessLists`, of the paths alone, each with a NUL behind it. */
export function pathsBeside(to: PlanText): PlanText {
  const suffix = '.paths';
  return typeof to === 'string' ? to + suffix : [...to, suffix];
}
