import type { Context } from '../terminal/context.ts';
import { symbolsFor } from '../terminal/symbols.ts';
import { formatDuration } from '../text/duration.ts';
import { formatSize } from '../text/size.ts';
import { LiveRegion } from '../views/live-region.ts';
import { count, shortImageId } from '../views/phrases.ts';
import { type Medium, openMedium } from './medium.ts';
import { verifyMedium } from './verify.ts';

const REDRAW_MS = 100;

/** `livesys medium FILE verify` */
export async function verifyFile(
  path: string,
  context: Context,
  { json }: { readonly json: boolean },
): Promise<void> {
  const medium = await openMedium(path);
  const start = context.now();
  try {
    await verifyMedium(medium, { signal: context.signal, ...showChecks(context) });
    const milliseconds = Math.round(context.now() - start);
    context.stdout.write(
      json ? resultJson(medium, milliseconds) : resultLine(medium, milliseconds),
    );
  } finally {
    await medium.close();
  }
}

/** One line per layer on standard error; on a terminal with a percentage before it is done. */
function showChecks(context: Context) {
  const symbols = symbolsFor(context.env);
  const region = new LiveRegion(context.stderr);
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    onProgress(layer: string, percent: number) {
      if (!context.stderr.isTTY || context.now() - drawn < REDRAW_MS) return;
      drawn = context.now();
      region.draw([], [` ${symbols.running} ${layer}  ${Math.floor(percent)} %`]);
    },
    onLayer(layer: string, problem: string | undefined) {
      const line = problem === undefined ? ` ${symbols.done} ${layer}` : ` ! ${layer}: ${problem}`;
      region.draw([line], []);
    },
  };
}

function resultLine({ manifest }: Medium, milliseconds: number): string {
  const bytes = manifest.layers.reduce((sum, layer) => sum + layer.bytes, 0);
  const layers = count(manifest.layers.length, 'layer');
  const image = shortImageId(manifest.image);
  return `intact: image ${image}, ${layers}, ${formatSize(bytes)} in ${formatDuration(milliseconds)}\n`;
}

function resultJson({ path, manifest }: Medium, milliseconds: number): string {
  const layers = manifest.layers.map(({ name }) => name);
  return `${JSON.stringify({ path, intact: true, image: manifest.image, layers, milliseconds })}\n`;
}
