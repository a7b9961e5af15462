import type { Evidence } from './model.ts';

/** How the supervisor on a host begins the lines that part what its commands and the containers said. */
const HEADING = '── ';
const LOG_OF_CONTAINER = `${HEADING}log of `;
const GOING_BACK = `${HEADING}going back`;

/** Why the step failed that was the last one: what its command said, else what the logs of the containers say. */
export function lastWordsOfStep(said: readonly string[]): string {
  const applied = before(said, (line) => line === GOING_BACK);
  const steps = before(applied, (line) => line.startsWith(LOG_OF_CONTAINER));
  return telling(lastPart(steps)) || telling(applied.slice(steps.length)) || 'no output';
}

/** Why the way back failed. */
export function lastWordsOfWayBack(said: readonly string[]): string {
  return telling(said.slice(said.lastIndexOf(GOING_BACK) + 1)) || 'no output';
}

/** The containers that a step failed for, if it did: what Compose says then, and what they were like before the way back. */
export function failuresOf(said: readonly string[]): readonly Evidence[] {
  if (!/is unhealthy|exited \(\d+\)|didn't complete successfully/.test(lastWordsOfStep(said))) return [];
  return said.flatMap((line) => {
    const [, subject = '', seen = ''] = /^── log of (\S+) \((.*)\)$/.exec(line) ?? [];
    const isSick = /\(unhealthy\)|^Exited \((?!0\))|^Restarting|^Dead/.test(seen);
    return isSick ? [{ subject, verdict: 'unhealthy' as const, seen }] : [];
  });
}

function before(said: readonly string[], isEnd: (line: string) => boolean): readonly string[] {
  const end = said.findIndex(isEnd);
  return end < 0 ? said : said.slice(0, end);
}

function lastPart(said: readonly string[]): readonly string[] {
  return said.slice(said.findLastIndex((line) => line.startsWith(HEADING)) + 1);
}

/** The lines that say why, without the progress before them; Compose ends with its reason, whatever the words. */
function telling(said: readonly string[]): string {
  const lines = said.filter((line) => line.trim() !== '');
  const isTelling = (line: string) => /error|fail|denied|cannot|exited|unhealthy/i.test(line);
  const chosen = lines.filter((line, index) => isTelling(line) || index === lines.length - 1);
  return (lines.some(isTelling) ? chosen : lines).slice(-3).join('\n');
}
