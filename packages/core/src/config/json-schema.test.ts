import { expect, test } from 'vitest';
import { configJsonSchema } from './json-schema.ts';

type Node = {
  description?: string;
  default?: unknown;
  anyOf?: unknown[];
  properties?: Record<string, Node>;
};
const schema = configJsonSchema() as Node & { $schema: string; additionalProperties: boolean };
const properties = schema.properties ?? {};

test('describes every key and gives defaults', () => {
  const { $schema: _, ...keys } = properties;
  for (const value of Object.values(keys)) expect(value.description).toMatch(/\.$/);
  expect(properties['compression']?.default).toBe('balanced');
  expect(schema.$schema).toContain('draft-07');
  expect(schema.additionalProperties).toBe(false);
});

test('knows names and options of a part, but nothing that only code can write', () => {
  expect(properties['source']?.anyOf).toHaveLength(3);
  expect(JSON.stringify(schema)).not.toContain('x-code-only');
});

test('does not demand a key', () => {
  expect(JSON.stringify(schema)).not.toMatch(/"required":\[[^\]]*"(name|layers|persistence)"/);
});
