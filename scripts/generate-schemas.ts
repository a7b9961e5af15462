import { mkdir, writeFile } from 'node:fs/promises';
import { DeployResultFile, environmentSchema, gitopsSchema, ValidationResultFile } from '@gitops/core';
import { toJsonSchema } from '@valibot/to-json-schema';

/** Rules JSON Schema has no words for; the engine checks them. */
const IGNORED = ['raw_check', 'check', 'partial_check', 'transform'];

/** The JSON Schemas by file name, generated from what the engine itself reads and writes files with. */
export function generateSchemas(): ReadonlyMap<string, string> {
  const schemas = {
    gitops: gitopsSchema,
    environment: environmentSchema,
    result: DeployResultFile,
    validation: ValidationResultFile,
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => {
      const json = toJsonSchema(schema, { typeMode: 'input', ignoreActions: IGNORED });
      return [`${name}.schema.json`, `${JSON.stringify(json, undefined, 2)}\n`];
    }),
  );
}

if (import.meta.main) {
  const folder = new URL('../schemas/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await Promise.all([...generateSchemas()].map(([name, text]) => writeFile(new URL(name, folder), text)));
}
