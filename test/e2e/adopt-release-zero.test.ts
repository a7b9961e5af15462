import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseZero, writableBinds } from '@gitops/compose';
import { afterAll, expect, test, vi } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { healthyImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { startByHand } from './hand-made-project.ts';
import { SHAPES } from './hand-made-shapes.ts';
import { containerIds, normalisedInspection } from './normalised-inspection.ts';

afterAll(removeImages);

test.each(SHAPES)('$name: release 0 from the files recreates no container', async (shape) => {
  await using project = await startByHand(shape);
  const before = await containerIds(project.name);
  const zero = releaseZero(await project.adopt());
  expect(zero.reconstructed).toEqual(shape.uncertain ?? []);
  await project.activate(zero.model);
  expect(await containerIds(project.name)).toEqual(before);
});

test.each(SHAPES)('$name: release 0 without the files brings back what ran', async (shape) => {
  await using project = await startByHand(shape);
  const before = await normalisedInspection(project.name);
  await project.loseFiles();
  const zero = releaseZero(await project.adopt());
  expect(zero.exact).toEqual([]);
  for (const warning of shape.warnings ?? []) expect(zero.warnings.join('\n')).toContain(warning);
  expect(zero.warnings.join('\n')).not.toContain('anew, as Docker');
  await project.activate(zero.model);
  await vi.waitFor(async () => expect(await normalisedInspection(project.name)).toEqual(before), 60_000);
  expect(await project.read()).toEqual(project.wrote);
  await runCommand('docker', ['compose', '-p', project.name, 'down', '-t', '1']);
  await project.activate(zero.model);
  await vi.waitFor(async () => expect(await normalisedInspection(project.name)).toEqual(before), 60_000);
  expect(await project.read()).toEqual(project.wrote);
});

test('services whose definition was edited are reconstructed, the others stay as they are', async () => {
  const image = (await sleeperImage()).reference;
  await using project = await startByHand({
    files: { '.env': 'LEVEL=info\n', 'data/start': '' },
    compose: `
  web: { image: ${image}, environment: { LEVEL: "$LEVEL" }, volumes: ["./data:/data", "/tmp:/host:ro"] }
  db: { image: ${image} }
`,
  });
  const [ids, before] = [await containerIds(project.name), await normalisedInspection(project.name)];
  await appendFile(join(project.folder, '.env'), 'LEVEL=debug\n');
  const handMade = await project.adopt();
  const zero = releaseZero(handMade);
  expect(zero).toMatchObject({ exact: ['db'], reconstructed: ['web'], warnings: [] });
  expect(writableBinds(handMade)).toEqual([
    { service: 'web', target: '/data', source: join(project.folder, 'data'), relative: 'data' },
  ]);
  await project.activate(zero.model);
  const db = `/${project.name}-db-1`;
  expect((await containerIds(project.name))[db]).toBe(ids[db]);
  expect(await normalisedInspection(project.name)).toEqual(before);
});

test('the image that ran comes back although its tag has moved', async () => {
  const { reference, id } = await healthyImage('one', 'moving');
  await using project = await startByHand({ compose: `\n  web: { image: "${reference}" }\n` });
  await healthyImage('two', 'moving');
  const zero = releaseZero(await project.adopt());
  expect(zero).toMatchObject({ exact: [], reconstructed: ['web'], images: [{ service: 'web', reference, id }] });
  await runCommand('docker', ['compose', '-p', project.name, 'up', '-d'], { cwd: project.folder });
  await project.activate(zero.model);
  const [ran] = Object.values(await containerIds(project.name));
  expect(await runCommand('docker', ['inspect', '--format', '{{.Image}}', String(ran)])).toBe(id);
});

test.each([[['dash']], [['bash']], [['busybox', 'sh']]])('%j reads the same, the files among it', async (shell) => {
  const image = (await sleeperImage()).reference;
  const compose = `\n  web: { image: ${image}, env_file: my.env }\n  side: { image: ${image}, network_mode: "service:web" }\n`;
  await using project = await startByHand({ files: { 'my.env': 'A=1\n', '.env': 'B=2\n' }, compose });
  const { fileSets } = await project.adopt(...shell);
  expect(fileSets).toMatchObject([{ workingDir: project.folder, refusal: '' }]);
  expect([...(fileSets[0]?.hashes.keys() ?? [])].sort()).toEqual(['side', 'web']);
  const archive = join(project.folder, 'files.tar');
  await writeFile(archive, fileSets[0]?.archive ?? '');
  await runCommand('tar', ['-xf', archive, '-C', project.folder]);
  expect(await readFile(join(project.folder, project.folder, '.env'), 'utf8')).toBe('B=2\n');
  expect(await readFile(join(project.folder, project.folder, 'compose.yaml'), 'utf8')).toContain(image);
});
