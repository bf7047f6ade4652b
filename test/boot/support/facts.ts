import type { GuestReport } from './guest.ts';

const TEST_LINE = /^LIVESYS-TEST: ([\w./@:+-]+)=(.*)$/gm;
/**
 * What the signed shim writes at its first start on a machine, whatever it starts: which old
 * loaders it refuses. A machine that ever started a current shim has it; a new one here has not.
 */
const SHIM_REVOCATIONS = 'SbatLevel-605dab50-e046-4300-abb6-3dd810dd8b23';

/** What the guest said, by key. */
export function readFacts(console: string): Map<string, string> {
  return new Map([...console.matchAll(TEST_LINE)].map(([, key = '', value = '']) => [key, value]));
}

/** Why a run was not a good one, apart from its medium. */
export function runProblems(report: GuestReport, nonce: string): string[] {
  const { facts, exit, console } = report;
  const lines = [...console.matchAll(TEST_LINE)].length;
  return [
    ...(facts.get('nonce') === nonce ? [] : ['the nonce of this run did not come back']),
    ...(Number(facts.get('lines')) === lines ? [] : ['lines were lost']),
    ...(exit.code === 0 ? [] : [`QEMU ended with ${JSON.stringify(exit)}`]),
    ...report.changedDecoys.map((name) => `the decoy ${name} was written to`),
    ...report.foreignVariables
      .filter((name) => name !== SHIM_REVOCATIONS)
      .map((name) => `EFI variable ${name} was written`),
  ];
}
