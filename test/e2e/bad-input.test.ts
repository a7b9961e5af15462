import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { failedDeployment, finalMessage } from './failed-deployment.ts';

let compose: string;

beforeAll(async () => {
  compose = `services:\n  web:\n    image: ${(await sleeperImage()).reference}\n`;
});

afterAll(removeImages);

function startLab(more = '', files: Readonly<Record<string, string>> = {}): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': compose + more, ...files } });
}

/** A fault in a file: the text that puts it there and the place at which it must be shown. */
interface FileFault {
  readonly fault: string;
  readonly file: string;
  /** Applied to the file as it is when it is right. */
  readonly edit: (text: string) => string;
  readonly at: string;
  readonly says: string;
}

const environmentFile = 'environments/lab/environment.yml';
const composeFile = 'environments/lab/compose.yaml';

const FILE_FAULTS: readonly FileFault[] = [
  {
    fault: 'invalid YAML',
    file: 'gitops.yml',
    edit: (text) => `${text}owner: [a\n`,
    at: '4:1',
    says: 'x',
  },
  {
    fault: 'invalid YAML',
    file: environmentFile,
    edit: (text) => text.replace('  docker:', '  docker: {'),
    at: '4:1',
    says: 'x',
  },
  { fault: 'invalid YAML', file: composeFile, edit: (text) => `${text}    ports: ["80:80\n`, at: '4:1', says: 'x' },
  { fault: 'an unknown key', file: 'gitops.yml', edit: (text) => `${text}nam: x\n`, at: '3:1', says: 'x' },
  {
    fault: 'an unknown key',
    file: environmentFile,
    edit: (text) => text.replace('stability', 'stabilty'),
    at: '4:1',
    says: 'x',
  },
  {
    fault: 'a key written twice',
    file: environmentFile,
    edit: (text) => `${text}targets: {}\n`,
    at: '4:1',
    says: 'x',
  },
  { fault: 'a key written twice', file: composeFile, edit: (text) => `${text}    image: other\n`, at: '4:5', says: 'x' },
  {
    fault: 'a value of the wrong type',
    file: environmentFile,
    edit: (text) => text.replace(/port: (\d+)/, 'port: "$1"'),
    at: '4:1',
    says: 'x',
  },
  {
    fault: 'a variable that is not set',
    file: composeFile,
    edit: (text) => `${text}    command: [echo, "\${NOWHERE}"]\n`,
    at: '4:1',
    says: 'x',
  },
  { fault: 'port', file: composeFile, edit: (text) => `${text}    ports: ["99999999:80"]\n`, at: '4:1', says: 'x' },
  { fault: 'prop', file: composeFile, edit: (text) => `${text}    imaeg: x\n`, at: '4:1', says: 'x' },
  { fault: 'bind leaves', file: composeFile, edit: (text) => `${text}    volumes: ["../../../x:/x"]\n`, at: '4:1', says: 'x' },
  { fault: 'env leaves', file: composeFile, edit: (text) => `${text}    env_file: ../../../x.env\n`, at: '4:1', says: 'x' },
  { fault: 'missing bind', file: composeFile, edit: (text) => `${text}    volumes: ["./nginx.conf:/x"]\n`, at: '4:1', says: 'x' },
  { fault: 'missing secret', file: composeFile, edit: (text) => `${text}    secrets: [pw]\nsecrets: { pw: { file: ./pw.txt } }\n`, at: '4:1', says: 'x' },
  { fault: 'type', file: composeFile, edit: (text) => `${text}    ports: 80\n`, at: '4:1', says: 'x' },
];
describe.concurrent('x', () => {
  test.each(FILE_FAULTS)('$fault in $file', async ({ file, edit }) => {
    await using lab = await startLab();
    const { readFile } = await import('node:fs/promises');
    await lab.repository.write({ [file]: edit(await readFile(join(lab.repository.path, file), 'utf8')) });
    await lab.repository.commit('x');
    const r = await failedDeployment(lab);
    console.log(file, JSON.stringify(r.annotations, undefined, 1));
  });
});
