import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openFolder } from '@gitops/repository';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ProjectSurvey, pickComposeFiles, surveyProject } from './survey-project.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-survey-'));
});

afterEach(() => rm(root, { recursive: true }));

async function survey(files: Readonly<Record<string, string>>, named?: string): Promise<ProjectSurvey> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const view = await openFolder(root);
  return surveyProject(view, await pickComposeFiles(view, named));
}

function shown({ parts }: ProjectSurvey): string[] {
  return parts.map(({ kind, path, files }) => `${kind} ${path}: ${files.map((file) => file.path).join(' ')}`.trim());
}

test('tells what each file is for', async () => {
  const found = await survey({
    'compose.yaml': `services:
  web:
    image: web
    env_file: web.env
    volumes: [./site:/site:ro, ./data:/data, ./web.conf:/etc/web.conf, /media:/media, named:/named]
    secrets: [key]
    configs: [motd]
volumes: { named: {} }
secrets: { key: { file: ./key.txt } }
configs: { motd: { file: ./motd.txt } }
include: [more/compose.yaml]
`,
    'compose.override.yaml': 'services: { web: { labels: { a: b } } }\n',
    '.env': 'A=b\n',
    'web.env': 'B=c\n',
    'site/a.html': 'a',
    'site/b/c.html': 'c',
    'data/grown.db': 'grown',
    'web.conf': 'conf',
    'key.txt': 'key',
    'motd.txt': 'motd',
    'more/compose.yaml': 'services: { more: { image: more } }\n',
    'more/.env': 'C=d\n',
  });
  expect(found.findings).toEqual([]);
  expect(shown(found)).toEqual([
    'compose compose.yaml: compose.yaml',
    'compose compose.override.yaml: compose.override.yaml',
    'secret .env: .env',
    'config motd.txt: motd.txt',
    'secret key.txt: key.txt',
    'secret web.env: web.env',
    'config site: site/a.html site/b/c.html',
    'writable data: data/grown.db',
    'writable web.conf: web.conf',
    'host /media:',
    'compose more/compose.yaml: more/compose.yaml',
    'secret more/.env: more/.env',
  ]);
});

test('knows what the files call the project, and what they build', async () => {
  const compose = 'name: "${STAGE:-shop}"\nservices:\n  web: { build: . }\n  db: { image: db }\n';
  expect(await survey({ 'compose.yaml': compose })).toMatchObject({ projectName: 'shop', built: ['web'] });
  expect(await survey({ '.env': 'COMPOSE_PROJECT_NAME=other\n' })).toMatchObject({ projectName: 'other' });
});

test('takes a named file alone, unless it is the one that Compose would pick', async () => {
  const service = 'services: { web: { image: web } }\n';
  const files = { 'compose.yaml': service, 'compose.override.yaml': service, 'prod.yml': service };
  expect((await survey(files, 'prod.yml')).composeFiles).toEqual(['prod.yml']);
  expect((await survey(files, 'compose.yaml')).composeFiles).toEqual(['compose.yaml', 'compose.override.yaml']);
});
