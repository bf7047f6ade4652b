import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LivesysError } from '../errors/livesys-error.ts';
import { readFacts } from './read-facts.ts';

const SAMPLE = new URL('../../../../test/plans/fixtures/debian-bookworm.json', import.meta.url);
const sample = (): Record<string, unknown> =>
  JSON.parse(readFileSync(SAMPLE, 'utf8')) as Record<string, unknown>;

function refusal(data: unknown): LivesysError {
  try {
    readFacts(data);
  } catch (error) {
    return error as LivesysError;
  }
  throw new Error('they were taken');
}

describe('facts from a file', () => {
  it('are the facts that were written', () => {
    expect(readFacts(sample())).toEqual(sample());
  });

  it.each([
    ['of another format', { ...sample(), format: 2 }, /format 2; this livesys reads format 1/],
    ['of no format', {}, /format none/],
    ['that are no object', null, /format none/],
    ['with a member that is not known', { ...sample(), more: 1 }, /damaged/],
    ['of a time that no medium can tell', { ...sample(), sourceDateEpoch: 1e12 }, /damaged/],
  ])('%s are refused', (_name, data, message) => {
    expect(refusal(data)).toMatchObject({
      code: 'LIVESYS_FACTS_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('that lack something say what', () => {
    const facts = { ...sample(), architecture: 'vax' };

    expect(refusal(facts).details).toEqual([expect.stringMatching(/^architecture {3}/)]);
  });
});
