import type { Engine } from './engine.ts';

/** The engine of this installation, imported only when a command asks for it. */
export async function loadEngine(): Promise<Engine> {
  const { localEngine } = await import('./local-engine.ts');
  return localEngine(process.env);
}
