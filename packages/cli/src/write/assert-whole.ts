import { type Medium, notMedium } from '../medium/medium.ts';

/** Throws when an image lacks a layer or was cut: it must not cost anyone the content of a stick. */
export async function assertWhole(medium: Medium): Promise<void> {
  for (const { name, file, bytes } of medium.manifest.layers) {
    const entry = await medium.find(file);
    if (entry?.size !== bytes) throw notMedium(medium.path, `layer ${name} is missing or cut`);
    if (!medium.reaches(entry)) throw notMedium(medium.path, 'its end is missing');
  }
}
