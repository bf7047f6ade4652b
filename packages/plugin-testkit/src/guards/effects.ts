import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import timers from 'node:timers';
import tls from 'node:tls';
import workers from 'node:worker_threads';
import { Patches } from './patches.ts';

/** Where calls that reach the machine are found. Everything callable in them is trapped. */
const WHOLE: Readonly<Record<string, object>> = {
  'node:fs': fs,
  'node:fs/promises': fs.promises,
  'node:child_process': childProcess,
  'node:net': net,
  'node:tls': tls,
  'node:dgram': dgram,
  'node:dns': dns,
  'node:dns/promises': dns.promises,
  'node:http': http,
  'node:https': https,
  'node:os': os,
  'node:timers': timers,
  'node:worker_threads': workers,
};

const { stdout, stderr } = process;

/** Of these only some members reach out. */
const SOME: readonly (readonly [name: string, owner: object, members: readonly string[]])[] = [
  ['globalThis', globalThis, ['fetch', 'WebSocket', 'setTimeout', 'setInterval', 'setImmediate']],
  ['process', process, ['chdir', 'kill', 'exit', 'abort', 'umask', 'setuid', 'setgid', 'dlopen']],
  ['process.stdout', stdout, ['write']],
  ['process.stderr', stderr, ['write']],
  ['console', console, ['log', 'info', 'warn', 'error', 'debug', 'dir', 'table', 'trace']],
];

/** Rounds of promise jobs that are waited for, so that work left behind is seen too. */
const ROUNDS = 20;

/**
 * Runs `body` while every call that reaches files, processes, network, timers or the terminal throws
 * and is remembered, also where the caller hides the error. Nothing else may run at the same time.
 */
export async function trapEffects<T>(
  body: () => T,
): Promise<{ readonly result: T; readonly effects: readonly string[] }> {
  const effects: string[] = [];
  const patches = new Patches();
  const trap = (name: string) =>
    function trapped(...given: readonly unknown[]): never {
      const [first] = given;
      const call = `${name}(${typeof first === 'string' ? JSON.stringify(first) : ''})`;
      effects.push(call);
      throw new Error(`${call} was called while planning`);
    };
  for (const [name, owner] of Object.entries(WHOLE)) {
    for (const member of Object.keys(owner))
      patches.replaceFunction(owner, member, trap(`${name}.${member}`));
  }
  for (const [name, owner, members] of SOME) {
    for (const member of members) patches.replaceFunction(owner, member, trap(`${name}.${member}`));
  }
  syncBuiltinESMExports();
  try {
    const result = body();
    for (let round = 0; round < ROUNDS; round += 1) await Promise.resolve();
    return { result, effects };
  } finally {
    patches.restore();
    syncBuiltinESMExports();
  }
}
