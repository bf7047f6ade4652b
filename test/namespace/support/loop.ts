import { run } from './run.ts';

const attached = new Set<string>();

/** Attaches a file as a block device. Partition nodes are not made: not every kernel can. */
export function attach(file: string, ...options: readonly string[]): string {
  const device = run('losetup', '--find', '--show', ...options, file);
  attached.add(device);
  return device;
}

export function detach(device: string): void {
  attached.delete(device);
  // The kernel waits for whoever happens to look at the device, and losetup does not wait for it.
  const gone =
    'for _ in $(seq 100); do [ -d "/sys/block/${1##*/}/loop" ] || exit 0; sleep 0.1; done';
  run('sh', '-c', `losetup --detach "$1" && ${gone}; exit 1`, 'sh', device);
}

/** Gives back what a test that failed has left. */
export function detachAll(): void {
  for (const device of attached) detach(device);
}
