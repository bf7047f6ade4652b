import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TAIL_LINES = 40;

/** The checkout; every script works from there, wherever it was called. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The pnpm every script uses; 11 needs Node 22. */
export const PNPM = ['npx', '-y', 'pnpm@10.34.9'];

/** A reason to stop that the user can act on; shown without a stack. */
export class Stop extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @param {number} ms */
export const duration = (ms) => {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  return s < 60 ? `${Math.round(s)} s` : `${Math.floor(s / 60)} m ${Math.round(s) % 60} s`;
};

/** @param {string} text */
const tail = (text) => text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');

/**
 * Runs one program. Quiet: keeps what it prints. Otherwise it owns the terminal.
 *
 * @param {readonly string[]} argv
 * @param {{ quiet?: boolean, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export const run = (argv, { quiet = true, env = {} } = {}) =>
  new Promise((resolve, reject) => {
    const [file = '', ...args] = argv;
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output });
    });
  });

/**
 * Prints one line for one finished piece of work.
 *
 * @param {boolean} ok
 * @param {string} title
 * @param {string} detail
 */
export const line = (ok, title, detail) =>
  console.log(` ${ok ? '✓' : '✗'} ${title.padEnd(24)} ${detail}`);

/**
 * Runs a program as one step: a line with its time, or the tail of its output and a Stop.
 *
 * @param {string} title
 * @param {readonly string[]} argv
 * @param {{ env?: Record<string, string>, exitCode?: number }} [options]
 */
export const step = async (title, argv, { env = {}, exitCode = 4 } = {}) => {
  const start = Date.now();
  const { code, output } = await run(argv, { env }).catch((/** @type {unknown} */ error) => {
    throw new Stop(`${argv[0]} cannot be run: ${String(error)}`, exitCode);
  });
  line(code === 0, title, duration(Date.now() - start));
  if (code !== 0) throw new Stop(`${tail(output)}\n\n${argv.join(' ')}: exit ${code}`, exitCode);
};

/**
 * Runs a script's main function and turns a Stop into a message and an exit code.
 *
 * @param {() => Promise<void>} main
 */
export const main = async (main) => {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    if (error.message) console.error(error.message);
    process.exitCode = error.exitCode;
  }
};
