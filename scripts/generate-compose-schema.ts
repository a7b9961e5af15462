import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export const COMPOSE_SCHEMA_FILE = 'packages/compose/src/check/compose-schema.generated.ts';

/** Words for editors, which no check needs. */
const WORDS = new Set(['$schema', '$id', 'title', 'description', 'deprecated', 'default']);

/** The specification's own JSON Schema as a module without its prose: 20 KB instead of 75, and nothing to parse. */
export function composeSchemaModule(): string {
  const text = readFileSync(join(root, 'packages/compose/spec/compose-spec.json'), 'utf8');
  const schema = JSON.stringify(withoutWords(JSON.parse(text)));
  return `import type { JsonSchema } from './schema.ts';\n\n// Made from spec/compose-spec.json by \`pnpm generate\`.\nexport const COMPOSE_SCHEMA: JsonSchema = ${schema};\n`;
}

/** Names of properties are no words of the schema, whatever they are called. */
function withoutWords(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutWords(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => areNames || !WORDS.has(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutWords(item, !areNames && holdsNames(key))]));
}

function holdsNames(key: string): boolean {
  return key === 'properties' || key === 'patternProperties' || key === 'definitions';
}
