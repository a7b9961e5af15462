import { ManualClock } from '../../packages/core/src/testing/manual-clock.ts';
import type { GitHubApi } from '../../packages/github/src/api/github-api.ts';
import { type GitHubOptions, openGitHub } from '../../packages/github/src/api/open-github.ts';
import type { FakeGitHub } from './fake-github.ts';

/** Opens a fake as a job does, with a clock that waits for nobody. */
export function clientOf(github: FakeGitHub, said: Partial<GitHubOptions> = {}): GitHubApi {
  return openGitHub({
    token: github.token(),
    apiUrl: github.url,
    repository: github.state.fullName,
    clock: new ManualClock(),
    signal: new AbortController().signal,
    ...said,
  });
}
