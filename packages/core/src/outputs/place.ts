import type { Ops } from '../contract/plan-builder.ts';
import { isRef, type Artifact, type Text } from '../contract/values.ts';

/** Where content lies while the task runs; text is written to `scratch` first. */
export function place(ops: Ops, content: Artifact | Text, scratch: string): Text {
  if (isArtifact(content)) return ops.input(content);
  ops.write(scratch, content);
  return scratch;
}

function isArtifact(content: Artifact | Text): content is Artifact {
  return typeof content === 'object' && !isRef(content) && 'artifact' in content;
}
