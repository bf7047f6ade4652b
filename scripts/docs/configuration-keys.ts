import { table } from './table.ts';

/** The parts of a JSON Schema that the config uses. */
interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

/** One key of the config, with the keys inside it as `layers.NAME.on`. */
export interface Key {
  readonly path: string;
  readonly values: string;
  readonly default: string;
  readonly description: string;
}

/** Every key of a config. */
export function configurationKeys(schema: Schema): readonly Key[] {
  const { $schema: _, ...properties } = schema.properties ?? {};
  return Object.entries(properties).flatMap(([name, inner]) => keysOf(name, inner));
}

/** The reference tables: one for the keys at the top, one for each key that has keys inside. */
export function keyTables(schema: Schema): string {
  const keys = configurationKeys(schema);
  const top = keys.filter(({ path }) => !path.includes('.'));
  const groups = top
    .map(({ path }) => ({ path, inner: keys.filter((key) => key.path.startsWith(`${path}.`)) }))
    .filter(({ inner }) => inner.length > 0);
  return [
    keyTable(top),
    ...groups.map(({ path, inner }) => `### Inside \`${path}\`\n\n${keyTable(inner)}`),
  ].join('\n\n');
}

const keyTable = (keys: readonly Key[]): string =>
  table(
    ['Key', 'Values', 'Default', 'Meaning'],
    keys.map((key) => [`\`${key.path}\``, key.values, key.default, key.description]),
  );

function keysOf(path: string, schema: Schema, required = false): readonly Key[] {
  const [description = '', written] = (schema.description ?? '').split(/(?:^|\s)Default: /);
  const inner =
    schema.anyOf?.find((option) => Object.keys(option.properties ?? {}).length > 1) ?? schema;
  const named = isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
  const inside = Object.entries(inner.properties ?? named?.properties ?? {});
  const isRequired = (name: string): boolean => inner.required?.includes(name) ?? false;
  const prefix = named === undefined ? path : `${path}.NAME`;
  return [
    {
      path,
      values: valuesOf(schema),
      default: required ? 'must be given' : defaultOf(schema, written),
      description: description.trim(),
    },
    ...inside.flatMap(([name, one]) => keysOf(`${prefix}.${name}`, one, isRequired(name))),
  ];
}

function defaultOf({ default: value }: Schema, written: string | undefined): string {
  if (written !== undefined) return written.replace(/\.$/, '');
  if (value === undefined) return 'none';
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return 'none';
  return `\`${JSON.stringify(value).replaceAll(/[{,:]/g, '$& ').replace('}', ' }')}\``;
}

/** What may be written, in a few words. */
function valuesOf(schema: Schema): string {
  if (isPart(schema)) return 'a part';
  if (schema.anyOf !== undefined) {
    return [...new Set(schema.anyOf.map((option) => valuesOf(option)))].join(', ');
  }
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(', ');
  }
  if (schema.type === 'array') return listOf(schema.items);
  if (schema.type === 'object') return objectOf(schema);
  return words(schema.type);
}

/** `string | [string] | [string, options]`, and in code what a plugin returns. */
function isPart({ anyOf = [] }: Schema): boolean {
  return anyOf.length === 3 && anyOf.slice(1).every(({ type }) => type === 'array');
}

function listOf(items: Schema['items']): string {
  if (!isSchema(items)) return 'list';
  const values = valuesOf(items);
  return values === 'list of text' ? 'list of lists of text' : `list of ${plural(values)}`;
}

function objectOf({ properties, additionalProperties }: Schema): string {
  if (isSchema(additionalProperties)) {
    const inner = valuesOf(additionalProperties);
    return inner === 'object' ? 'objects by name' : `${inner} by name`;
  }
  const keys = Object.keys(properties ?? {});
  return keys.length === 1 ? `\`{ ${keys.join()} }\`` : 'object';
}

function words(type: Schema['type']): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    boolean: '`true`, `false`',
    integer: 'whole number',
    number: 'number',
  };
  const types = typeof type === 'string' ? [type] : (type ?? []);
  return types.map((one) => names[one] ?? one).join(', ');
}

const plural = (values: string): string => (values === 'a part' ? 'parts' : values);

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
