import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { someAnswers } from './testing/some-answers.ts';
import { deployWorkflow } from './workflow-template.ts';

test.each(['1e3', '007', 'null', 'on', 'production'])('an environment named %s is text to GitHub', (environment) => {
  const workflow: unknown = parse(deployWorkflow({ ...someAnswers, environment }, './actions/deploy', []));
  expect(workflow).toMatchObject({
    concurrency: { group: `deploy-${environment}` },
    jobs: { deploy: { steps: [{}, { uses: './actions/deploy', with: { environment } }] } },
  });
});
