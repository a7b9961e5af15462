import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAction, startAction } from './action-runner.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

test('inputs arrive with their defaults, and outputs of several lines come back', async () => {
  await using action = await scratchAction(`
    const { appendFileSync } = require('node:fs');
    const value = process.env['INPUT_LOCK-WAIT'] + '\\n' + process.env['INPUT_TWO_WORDS'];
    appendFileSync(process.env.GITHUB_OUTPUT, 'multi<<ghd\\n' + value + '\\nghd\\nplain=a=b\\n');
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Done');
    appendFileSync(process.env.GITHUB_OUTPUT, 'where=' + process.cwd() + '\\n');`);
  const result = await runAction(action.path, { inputs: { 'two words': 'given' }, workspace: action.path });
  expect(result.outputs).toEqual({ multi: '10m\ngiven', plain: 'a=b', where: action.path });
  expect(result).toMatchObject({ exitCode: 0, summary: '# Done', postExitCode: undefined, orphans: [] });
});

test('an action sees the runner and the event, and nothing of the caller', async () => {
  process.env['LAB_CALLER_ONLY'] = 'leak';
  await using action = await scratchAction(`
    console.log(JSON.stringify(process.env));
    console.log(require('node:fs').readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'));`);
  const result = await runAction(action.path, { event: { number: 7 }, context: { runId: '42' } });
  expect(result.rawLog).toContain('"GITHUB_RUN_ID":"42"');
  expect(result.rawLog).toContain('{"number":7}');
  expect(result.rawLog).not.toContain('LAB_CALLER_ONLY');
});

test('an input that action.yml does not name is rejected', async () => {
  await using action = await scratchAction('');
  await expect(runAction(action.path, { inputs: { 'lock-wiat': '1m' } })).rejects.toThrow('no input named lock-wiat');
});

test('masks hide a secret and its lines from the point of their registration on', async () => {
  await using action = await scratchAction(`
    console.log('early s3cret');
    console.log('::add-mask::s3cret%0Asecond line');
    console.log('late s3cret, second line, ' + process.env['INPUT_TOKEN']);`);
  const result = await runAction(action.path, { token: 'ghs_1', secrets: ['early'] });
  expect(result.log).toContain('*** s3cret');
  expect(result.log).toContain('late ***, ***, ***');
  expect(result.rawLog).toContain('late s3cret, second line, ghs_1');
});

test('annotations carry their place, and the eleventh of a level is dropped', async () => {
  await using action = await scratchAction(`
    console.log('::group::Plan');
    console.log('::error title=Bad%2C key,file=a%3Ab.yml,line=3,col=5::100%25 wrong%0Asecond');
    console.log('::stop-commands::tok'); console.log('::error::quoted'); console.log('::tok::');
    for (let i = 0; i < 11; i++) console.error('::warning::' + i);`);
  const result = await runAction(action.path);
  const place = { file: 'a:b.yml', line: 3, column: 5 };
  expect(result.annotations[0]).toEqual({ level: 'error', title: 'Bad, key', message: '100% wrong\nsecond', ...place });
  expect(result.annotations.filter(({ level }) => level === 'warning')).toHaveLength(10);
  expect(result).toMatchObject({ droppedAnnotations: 1, groups: ['Plan'] });
  expect(result.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('post runs after a failure and finds the state, the environment and the path that main has left', async () => {
  await using action = await scratchAction(
    `const { appendFileSync } = require('node:fs');
     appendFileSync(process.env.GITHUB_STATE, 'key=/tmp/key\\n');
     appendFileSync(process.env.GITHUB_ENV, 'MODE=x\\n');
     appendFileSync(process.env.GITHUB_PATH, '/opt/tool\\n');
     process.exitCode = 3;`,
    `console.log('post', process.env.STATE_key, process.env.MODE, process.env.PATH.split(':')[0]);`,
  );
  const result = await runAction(action.path);
  expect(result).toMatchObject({ exitCode: 3, postExitCode: 0, state: { key: '/tmp/key' } });
  expect(result.log).toBe('post /tmp/key x /opt/tool');
});

test('a cancelled action that handles SIGINT ends by itself, and post runs', async () => {
  await using action = await scratchAction(
    `process.on('SIGINT', () => { console.log('undoing'); process.exit(5); });
     setInterval(() => {}, 1000); console.log('ready');`,
    `console.log('cleaned');`,
  );
  const run = startAction(action.path);
  await run.waitForLog(/ready/);
  run.cancel();
  const result = await run.done;
  expect(result).toMatchObject({ exitCode: 5, postExitCode: 0, log: 'ready\nundoing\ncleaned' });
});

test('an action that ignores every signal is killed with its children after ten seconds', async () => {
  await using action = await scratchAction(`
    process.on('SIGINT', () => console.log('int')).on('SIGTERM', () => console.log('term'));
    require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore' });
    setInterval(() => {}, 1000); console.log('ready');`);
  const run = startAction(action.path);
  await run.waitForLog(/ready/);
  const begin = performance.now();
  run.cancel();
  const result = await run.done;
  expect(result).toMatchObject({ exitCode: 137, log: 'ready\nint\nterm', orphans: [] });
  expect(performance.now() - begin).toBeGreaterThanOrEqual(9_900);
});

test('a lost machine runs no post step, and waiting for a line that never came says so', async () => {
  await using action = await scratchAction(
    `setInterval(() => {}, 1000); console.log('ready');`,
    `console.log('post');`,
  );
  const run = startAction(action.path);
  await run.waitForLog(/ready/);
  run.kill();
  expect(await run.done).toMatchObject({ exitCode: 137, postExitCode: undefined, log: 'ready' });
  await expect(run.waitForLog(/never/)).rejects.toThrow('ended without printing /never/');
});

test('a process left behind in a session of its own is reported and ended', async () => {
  await using action = await scratchAction(`
    require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore', detached: true }).unref();`);
  const { orphans } = await runAction(action.path);
  expect(orphans).toHaveLength(1);
  expect(await readFile(`/proc/${orphans[0]}/cmdline`, 'utf8').catch(() => '')).not.toContain('sleep');
});

async function scratchAction(main: string, post?: string): Promise<TemporaryDirectory> {
  const directory = await createTemporaryDirectory('action');
  const runs = { using: 'node24', main: 'dist/main.cjs', ...(post !== undefined && { post: 'dist/post.cjs' }) };
  const inputs = {
    'lock-wait': { default: '10m' },
    'two words': {},
    token: { default: `\${{ github.token }}` },
  };
  await mkdir(join(directory.path, 'dist'));
  await writeFile(join(directory.path, 'action.yml'), JSON.stringify({ name: 'Scratch', inputs, runs }));
  await writeFile(join(directory.path, 'dist', 'main.cjs'), main);
  await writeFile(join(directory.path, 'dist', 'post.cjs'), post ?? '');
  return directory;
}
