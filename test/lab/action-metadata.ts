import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const inputSchema = v.object({
  required: v.optional(v.boolean()),
  // GitHub hands every default over as text.
  default: v.optional(v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String))),
});

const actionSchema = v.object({
  inputs: v.optional(v.record(v.string(), v.nullable(inputSchema)), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
  runs: v.strictObject({
    using: v.literal('node24'),
    main: v.string(),
    post: v.optional(v.string()),
    'post-if': v.optional(v.literal('always()')),
  }),
});

/** The part of an `action.yml` that decides how the runner starts the action. */
export type ActionMetadata = v.InferOutput<typeof actionSchema>;

/**
 * Reads `action.yml` of a directory.
 * @throws ValiError for what the emulator does not know, such as `pre` or a condition on `post`.
 */
export async function readActionMetadata(directory: string): Promise<ActionMetadata> {
  return v.parse(actionSchema, parse(await readFile(join(directory, 'action.yml'), 'utf8')));
}

/**
 * The `INPUT_…` variables of a step: given values, else defaults, else empty, as the runner does it. Spaces become
 * underscores; hyphens stay. An input that `action.yml` does not name is a warning on GitHub and an error here.
 */
export function inputEnvironment(
  metadata: ActionMetadata,
  given: Readonly<Record<string, string>>,
  token: string,
): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(metadata.inputs, name));
  if (unknown.length > 0) throw new Error(`action.yml has no input named ${unknown.join(', ')}`);
  const values = Object.entries(metadata.inputs).map(([name, input]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    given[name] ?? evaluateDefault(input?.default ?? '', token),
  ]);
  return Object.fromEntries(values);
}

/** The one expression that defaults of actions use in practice. */
function evaluateDefault(text: string, token: string): string {
  const evaluated = text.replace(/\$\{\{\s*github\.token\s*\}\}/g, token);
  if (evaluated.includes('${{')) throw new Error(`the emulator can't evaluate the default ${JSON.stringify(text)}`);
  return evaluated;
}
