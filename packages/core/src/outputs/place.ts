import type { Ops } from '../contract/plan-builder.ts';
import type { MediumFile } from '../contract/roles.ts';
import { isArtifact, type Artifact, type Text } from '../contract/values.ts';

/** Where content lies while the task runs; text is written to `scratch` first. */
export function place(ops: Ops, content: Artifact | Text, scratch: string): Text {
  if (isArtifact(content)) return ops.input(content);
  ops.write(scratch, content);
  return scratch;
}

/** Where each file of a medium lies while the task runs. */
export function placeAll(
  ops: Ops,
  files: readonly MediumFile[],
  scratch: string,
): readonly { readonly path: Text; readonly at: Text }[] {
  return files.map(({ path, content }, index) => ({
    path,
    at: place(ops, content, `${scratch}/${index}`),
  }));
}
