import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import type { ActionResult } from '../lab/action-runner.ts';
import { startDeploymentLab } from '../lab/deployment-lab.ts';
import { sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { plant } from '../lab/planted.ts';

/** With every character that some encoding writes in another way. */
const password = plant('p@ss w0rd/+%&<"é\\|=?');
const token = plant('first line of 1/2 & more\nsecond "line" of+it\n');

afterAll(removeImages);

/** Prints every secret, as it is and encoded, which no deployment can keep a container from. */
const tellAll = [
  'echo "the password is $$DB_PASSWORD"',
  'printf %s "$$DB_PASSWORD" | base64 -w 0; echo',
  'echo "$$DB_PASSWORD" | base64 -w 0; echo',
  'cat /run/secrets/token',
  'base64 -w 0 /run/secrets/token; echo',
  'echo "$$IN_URL"',
  'echo "$$IN_JSON"',
  'echo "$$IN_JSON_OF_TOKEN"',
].join('; ');

/** `services` goes on with the service `web`; IMAGE stands for an image. */
async function composeFile(services: string): Promise<string> {
  const { reference } = await sleeperImage();
  const environment = JSON.stringify({
    DB_PASSWORD: '${DB_PASSWORD}',
    IN_URL: encodeURIComponent(password),
    IN_JSON: escaped(password),
    IN_JSON_OF_TOKEN: escaped(token),
  });
  const web = `  web:\n    image: IMAGE\n    secrets: [token]\n    environment: ${environment}\n${services}`;
  return `services:\n${web}secrets:\n  token: { file: ./token.txt }\n`.replaceAll('IMAGE', reference);
}

/** Without the quotes around it. */
function escaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64').replace(/=+$/, '');
}

/** Every form of a value that somebody could read it from. */
function formsOf(value: string): readonly string[] {
  const lines = value.split('\n').filter((line) => line !== '');
  const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [value, ...lines].flatMap((text) => [
    text,
    base64(text),
    encodeURIComponent(text),
    escaped(text),
    escaped(escaped(text)),
    html(text),
    html(text).replaceAll('|', '\\|'),
  ]);
}

/** Everything that the step leaves behind for people and machines. */
async function everythingShown({ rawLog, summary, outputs }: ActionResult): Promise<Record<string, string>> {
  return {
    log: rawLog.replaceAll(/^::add-mask::.*$/gm, ''),
    summary,
    outputs: JSON.stringify(outputs),
    'result.json': await readFile(outputs['result'] ?? '', 'utf8'),
  };
}

const crash = `    command: [sh, -c, ${JSON.stringify(`${tellAll}; exit 3`)}]\n`;
const sick = `    healthcheck: { test: [CMD, sh, -c, ${JSON.stringify(`(${tellAll}); exit 1`)}], interval: 200ms, retries: 1 }\n`;
const dependent = '  next:\n    image: IMAGE\n    depends_on: { web: { condition: service_completed_successfully } }\n';

test.concurrent.each([
  ['the log of a container that crashes', `${crash}    restart: always\n`],
  ['what a health check says', sick],
  ['the log of a step that fails', crash + dependent],
])('no secret is shown by %s', async (_, services) => {
  await using lab = await startDeploymentLab({
    files: {
      'compose.yaml': await composeFile(services),
      '.env': `DB_PASSWORD='${password}'\n`,
      'token.txt': token,
    },
    health: '  deadline: 6s\n  stability: 500ms\n',
  });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'rolled-back' });
  const shown: Record<string, string> = {
    ...(await everythingShown(result)),
    'audit.ndjson': await lab.sh(`cat '${lab.folder}/audit.ndjson'`),
  };
  expect(shown['log']).toContain('the password is ***');
  expect(shown['summary']).toContain('the password is ***');
  for (const [where, text] of Object.entries(shown)) {
    for (const form of [...formsOf(password), ...formsOf(token)]) expect(text, where).not.toContain(form);
  }
});
