import { z } from 'zod';
import { CODE_ONLY } from './schema-role.ts';
import { configSchema } from './schema.ts';

/** The JSON Schema (draft 7) of a config written as YAML or JSON, for editors. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.anyOf === undefined) return;
      jsonSchema.anyOf = jsonSchema.anyOf.filter((option) => !(CODE_ONLY in option));
    },
  });
  return {
    ...schema,
    title: 'livesys config',
    properties: { $schema: { type: 'string' }, ...schema.properties },
  };
}
