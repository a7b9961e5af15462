import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPOSE_SCHEMA_FILE, composeSchemaModule } from './generate-compose-schema.ts';
import { PROGRAMS_FILE, programsModule } from './generate-programs.ts';
import { generateReadmes } from './generate-readme.ts';
import { RULES_FILE, rulesPage } from './generate-rules.ts';
import { generateSchemas } from './generate-schemas.ts';

const root = join(import.meta.dirname, '..');

/** Every file that is made from another one and kept in git, by path from the root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const schemas = [...generateSchemas()].map(([name, text]): [string, string] => [`schemas/${name}`, text]);
  const programs: [string, string] = [relative(root, fileURLToPath(PROGRAMS_FILE)), programsModule()];
  const compose: [string, string] = [COMPOSE_SCHEMA_FILE, composeSchemaModule()];
  const rules: [string, string] = [RULES_FILE, await rulesPage()];
  return new Map([programs, compose, rules, ...schemas, ...(await generateReadmes())]);
}

if (import.meta.main) {
  for (const [path, text] of await generatedFiles()) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
