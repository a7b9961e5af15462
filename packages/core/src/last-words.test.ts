import { describe, expect, it } from 'vitest';
import { failuresOf, lastWordsOfStep, lastWordsOfWayBack } from './last-words.ts';

const REASON = `service "setup" didn't complete successfully: exit 3`;
const UP = ['── files', '── up', ' Container setup-1  Starting', ' Container setup-1  Waiting', REASON];
const LOG = [
  '── log of setup-1 (Exited (3) 1 second ago)',
  'error: one',
  'error: two',
  '── going back',
  'error: the last of it',
];
const BACK = ['── going back', '── up', 'Error: not of the step'];

describe('the containers that a step failed for', () => {
  const sick = '── log of db-1 (Up 3 seconds (unhealthy))';
  const neighbour = '── log of job-1 (Exited (0) 2 hours ago)';

  it('are those that were sick before the way back', () => {
    const said = ['── up', 'dependency failed to start: container db-1 is unhealthy', sick, 'no disk', neighbour];
    expect(failuresOf([...said, ...BACK])).toEqual([
      { subject: 'db-1', verdict: 'unhealthy', seen: 'Up 3 seconds (unhealthy)' },
    ]);
    expect(failuresOf([...UP, ...LOG])).toMatchObject([{ subject: 'setup-1', seen: 'Exited (3) 1 second ago' }]);
  });

  it('are none where it failed for something else', () => {
    expect(failuresOf(['── up', 'Error: port is already allocated', sick, ...BACK])).toEqual([]);
  });
});

describe('the last words of a step', () => {
  it('are those of Compose, whatever the logs of containers say', () => {
    expect(lastWordsOfStep([...UP, ...LOG, ...BACK])).toBe(
      ` Container setup-1  Starting\n Container setup-1  Waiting\n${REASON}`,
    );
  });

  it('are without the progress before them', () => {
    const said = [
      '── up',
      ' Container db-1  Waiting',
      ' Container db-1  Error',
      'dependency failed to start: db-1 is sick',
    ];
    expect(lastWordsOfStep(said)).toBe(' Container db-1  Error\ndependency failed to start: db-1 is sick');
  });

  it('end with the last line also where it has none of the telling words', () => {
    expect(lastWordsOfStep(['── up', ' Container setup-1  Error', ' Container web-1  Created', REASON, ''])).toBe(
      ` Container setup-1  Error\n${REASON}`,
    );
  });

  it('are not those of a step that went well', () => {
    expect(lastWordsOfStep(['── unpause', 'Error: of no matter', '── up', REASON])).toBe(REASON);
  });

  it('are those of the containers where the step itself said nothing', () => {
    expect(lastWordsOfStep(['── up', ...LOG.slice(0, 3), ...BACK])).toBe(LOG.slice(0, 3).join('\n'));
  });

  it.each([[[]], [['── up']], [['── up', ...BACK]]])('of %j are none', (said) => {
    expect(lastWordsOfStep(said)).toBe('no output');
  });
});

describe('the last words of a way back', () => {
  it('are neither of the way there nor of the containers', () => {
    expect(lastWordsOfWayBack([...UP, ...LOG, ...BACK])).toBe('Error: not of the step');
  });
});
