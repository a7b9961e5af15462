import { defineConfig } from 'vitest/config';
import { parseHostKinds } from './test/lab/lab-host.ts';

const resolve = { conditions: ['source'] };
const timeouts = { testTimeout: 300_000, hookTimeout: 300_000 };

/** `GITOPS_LAB=loopback,container,container-user` runs the end-to-end tests on each of these kinds of host. */
const kinds = parseHostKinds(process.env['GITOPS_LAB']);

const all = ['test/e2e/**/*.test.ts'];
/** What Docker, Compose and the rights of a user have a part in. */
const core = ['deploy', 'content'].map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    globalSetup: ['test/lab/shared-machine.ts'],
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
        test: { name: kind, include: kind === 'container-core' ? core : all, env: { GITOPS_LAB: kind }, ...timeouts },
      })),
    ],
  },
});
