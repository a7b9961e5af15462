import type { InitAnswers } from '../answers.ts';

/** Answers of somebody who begins with a starter; tests replace what they are about. */
export const someAnswers: InitAnswers = {
  directory: '.',
  name: 'infra',
  environment: 'production',
  host: 'docker.example.com',
  port: 22,
  user: 'gitops',
  stateDir: '/var/lib/gitops',
  project: 'shop',
  stackFolder: '.',
  compose: '',
  copy: [],
  owner: 'example',
  ref: 'v1',
  branch: 'main',
};
