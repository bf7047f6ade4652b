import { fileURLToPath } from 'node:url';

/**
 * A folder with the probe: a systemd unit, enabled, and its script, which prints what the booted
 * system finds and switches the machine off. Used as `layers: { probe: { files: PROBE_FILES } }`.
 * Scripts in `/usr/local/lib/livesys-test/extra.d/` of other layers add their `key=value` lines.
 */
export const PROBE_FILES = fileURLToPath(new URL('./probe', import.meta.url));
