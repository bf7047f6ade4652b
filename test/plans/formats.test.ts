import { configJsonSchema } from '@livesys/core';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';

import { configurationKeys } from '../../scripts/docs/configuration-keys.ts';
import { codeBlocks, codeSpans, readPage, sectionOf } from './support/markdown.ts';
import { exportedTypes, membersOf, variantsOf } from './support/type-members.ts';

const PLAN = readPage('docs/plan-format.md');
const EVENTS = readPage('docs/events.md');
const planTypes = exportedTypes('packages/core/src/plan/model.ts');
const factTypes = exportedTypes('packages/core/src/contract/facts.ts');
const eventTypes = exportedTypes('packages/core/src/apply/events.ts');

/** Names without members of their own. */
const NAMES_ONLY = new Set(['Step', 'Architecture']);

describe.each([...planTypes, ...factTypes].filter(([name]) => !NAMES_ONLY.has(name)))(
  'the plan and facts format: %s',
  (name, declaration) => {
    const section = sectionOf(PLAN, name);
    const spans = codeSpans(section).join(' ');

    test('every member is described', () => {
      expect(section).not.toBe('');
      const words = new Set([...spans.matchAll(/\w+/g)].map(([word]) => word));
      expect([...membersOf(declaration)].filter((member) => !words.has(member))).toEqual([]);
    });

    test('every kind has a line with its members', () => {
      for (const { literal, members } of variantsOf(declaration, 'kind')) {
        if (name === 'PlanText') continue;
        const row = section.split('\n').find((line) => line.startsWith(`| \`${literal}\``)) ?? '';
        const named = codeSpans(row).filter((span) => members.has(span));
        const wanted = [...members].filter((member) => member !== 'kind');
        expect([literal, ...new Set(named)].toSorted()).toEqual([literal, ...wanted].toSorted());
      }
    });
  },
);

describe('the events', () => {
  const union = eventTypes.get('BuildEvent');
  if (union === undefined) throw new Error('there is no BuildEvent');
  const variants = variantsOf(union, 'type');
  const examples = codeBlocks(EVENTS)
    .filter(({ language }) => language === 'jsonl')
    .map(({ text }) => JSON.parse(text) as { readonly type: string });

  test.each(variants)('$literal: members and example', ({ literal, members, required }) => {
    const described = firstColumn(sectionOf(EVENTS, literal));
    expect(described.toSorted()).toEqual([...members].filter((one) => one !== 'type').toSorted());
    const example = examples.find(({ type }) => type === literal);
    expect(Object.keys(example ?? {}).filter((key) => !members.has(key))).toEqual([]);
    expect([...required].filter((key) => !Object.hasOwn(example ?? {}, key))).toEqual([]);
  });

  test('a planned task', () => {
    const task = eventTypes.get('PlannedTask');
    if (task === undefined) throw new Error('there is no PlannedTask');
    const described = firstColumn(sectionOf(EVENTS, 'A planned task'));
    expect(described.toSorted()).toEqual([...membersOf(task)].toSorted());
  });
});

describe('the JSON Schema of configs', () => {
  const schema = configJsonSchema();
  const ajv = new Ajv({ strict: true, strictTypes: false, strictTuples: false, allErrors: true });

  test('is valid draft 7', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  test('accepts what livesys accepts and refuses what it refuses', () => {
    const validate = ajv.compile(schema);
    const yes = [
      {},
      { $schema: './schema.json', source: 'bootstrap', distro: ['debian', { release: 'trixie' }] },
      { layers: { a: { packages: ['gdisk'] } }, profiles: { b: { layers: ['a'] } } },
      { compression: { algorithm: 'xz', block: '1M' }, user: false },
    ];
    const no = [{ sourc: 'x' }, { compression: 'zip' }, { layers: { a: { package: [] } } }];
    expect(yes.filter((config) => !validate(config))).toEqual([]);
    expect(no.filter((config) => validate(config))).toEqual([]);
  });

  test('has the keys that the documentation lists, each with default and meaning', () => {
    const page = readPage('docs/configuration.md');
    const keys = configurationKeys(schema);
    expect(firstColumn(sectionOf(page, 'Every key'))).toEqual(
      keys.map(({ path }) => path).filter((path) => !path.includes('.')),
    );
    for (const key of keys) {
      expect(page).toContain(`| \`${key.path}\` `);
      expect([key.path, key.default, key.description]).not.toContain('');
    }
  });
});

/** The first code of each row of the tables in a section. */
function firstColumn(section: string): readonly string[] {
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
}
