import { expect, it } from 'vitest';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Facts } from '../contract/facts.ts';
import type { LivesysError } from '../errors/livesys-error.ts';
import type { Parts } from './context.ts';
import { assertPartsFit } from './parts.ts';

const PHASES = ['parse', 'assemble', 'publish', 'emergency'] as const;

const facts = {
  architecture: 'x86_64',
  osRelease: { id: 'one', idLike: ['two'], name: 'One', prettyName: 'One 1' },
  distro: { initSystem: 'systemd' },
} as unknown as Facts;

function parts(change: Record<string, unknown> = {}): Parts {
  return {
    distro: { name: 'adapter', ids: ['two'] },
    initramfs: { name: 'builder', supports: { phases: PHASES } },
    bootloader: { name: 'loader', supports: { firmware: ['uefi'], architecture: ['x86_64'] } },
    ...change,
  } as unknown as Parts;
}

function config(...outputs: readonly Record<string, unknown>[]): ResolvedConfig {
  return { outputs } as unknown as ResolvedConfig;
}

const iso = { name: 'iso', format: 'iso', firmware: ['bios', 'uefi'] };

function misfits(given: ResolvedConfig, chosen: Parts, of: Facts = facts): readonly string[] {
  try {
    assertPartsFit(given, chosen, of);
    return [];
  } catch (error) {
    return (error as LivesysError).details;
  }
}

it('parts that fit are taken, a derivative by what it is like', () => {
  expect(misfits(config(iso), parts())).toEqual([]);
});

it('every misfit is told at once, with both sides', () => {
  const chosen = parts({
    distro: { name: 'adapter', ids: ['three'] },
    initramfs: { name: 'builder', supports: { phases: ['parse'] } },
  });
  const found = misfits(config({ ...iso, firmware: ['bios'] }), chosen, {
    ...facts,
    architecture: 'aarch64',
  });
  expect(found).toHaveLength(6);
  expect(found.join('\n')).toMatch(/loader boots x86_64; One 1 is for aarch64/);
  expect(found.join('\n')).toMatch(/iso starts from bios; loader serves uefi/);
  expect(found.join('\n')).toMatch(/adapter serves three; the source is One 1 \(one, two\)/);
});

it('two outputs of one format are refused, one that is not booted fits every loader', () => {
  expect(misfits(config(iso, iso), parts()).join()).toMatch(/two outputs have the format "iso"/);
  expect(misfits(config({ name: 'tar', format: 'tar', firmware: [] }), parts())).toEqual([]);
});
