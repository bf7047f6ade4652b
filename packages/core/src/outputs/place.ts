import type { Ops } from '../contract/plan-builder.ts';
import { isArtifact, type Artifact, type Text } from '../contract/values.ts';

/** Where content lies while the task runs; text is written to `scratch` first. */
export function place(ops: Ops, content: Artifact | Text, scratch: string): Text {
  if (isArtifact(content)) return ops.input(content);
  ops.write(scratch, content);
  return scratch;
}
