import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { parseHostKinds } from './test/lab/lab-host.ts';

const resolve = { conditions: ['source'] };
/** Only end what hangs: a busy machine is no fault of the product. */
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000 };

/** `GITOPS_LAB=loopback,container,container-user` runs the end-to-end tests on each of these kinds of host. */
const kinds = parseHostKinds(process.env['GITOPS_LAB']);

/** On the first kind alone: these start hosts of their own, or try what does not depend on who logs in where. */
const once = [
  ...['adopt-release-zero', 'examples', 'fleet', 'getting-started', 'login', 'sudo'],
  ...['init', 'init-compose', 'init-questions'],
  ...['adopt', 'approval', 'audit', 'moved', 'registry', 'retention', 'target-checks'],
  ...['faults/*'],
].map((name) => `test/e2e/${name}.test.ts`);

/** These do one thing after the other for minutes: begun last, they would be waited for alone. */
const long = [
  'versions',
  'examples',
  'fleet',
  'adopt-release-zero',
  'sudo',
  'network',
  'disk',
  'runner',
  'supervisor',
].map((name) => `/${name}.test.ts`);

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((end) => moduleId.endsWith(end));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // Most tests wait for processes and hosts of theirs.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ['test/lab/test-run.ts', 'test/lab/shared-machine.ts'],
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'parts',
          include: ['packages/*/src/**/*.test.ts', 'actions/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/e2e/**', '**/node_modules/**'],
          env: { GITOPS_LAB: 'loopback' },
          ...timeouts,
        },
      },
      ...kinds.map((kind) => ({
        resolve,
        ssr: { resolve },
        test: {
          name: kind,
          include: ['test/e2e/**/*.test.ts'],
          exclude: kind === kinds[0] ? [] : once,
          env: { GITOPS_LAB: kind },
          ...timeouts,
        },
      })),
    ],
  },
});
