import type { Probe } from '@livesys/core/plugin';

/**
 * A field of a root's os-release, such as `VERSION_CODENAME`; undefined where it is not there, or
 * empty. For fields that facts do not have. Source: os-release(5).
 */
export function osReleaseField(probe: Probe, field: string): string | undefined {
  const text = probe.readText('/etc/os-release') ?? probe.readText('/usr/lib/os-release') ?? '';
  const value = new RegExp(`^${field}=(["']?)(.*?)\\1\\s*$`, 'm').exec(text)?.[2];
  return value === '' ? undefined : value;
}
