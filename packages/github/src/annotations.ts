import type { Finding, Level } from '@gitops/core';

/** What GitHub shows beside a line of a file. */
export interface Annotation {
  readonly level: Exclude<Level, 'info'>;
  readonly title: string;
  readonly message: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * GitHub keeps ten annotations of each kind in a step, and drops the rest without a word (`_maxCountPerIssueType` of
 * actions/runner). The last one is the step's own, and the one before it tells of all that found no place.
 */
const MOST = 8;
/** Longer messages are cut by GitHub. */
const MOST_LISTED = 40;

/** Annotations for findings: all of them if there is room, else the first ones and one that lists the rest. */
export function annotationsOf(findings: readonly Finding[]): readonly Annotation[] {
  return (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const some = findings.filter((finding) => finding.severity === severity).map(annotation);
    return some.length <= MOST + 1 ? some : [...some.slice(0, MOST), together(some.slice(MOST))];
  });
}

function annotation({ severity, file, line, column, message, remedy, rule }: Finding): Annotation {
  const place = { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
  return { level: severity === 'info' ? 'notice' : severity, title: rule, message: `${message} → ${remedy}`, ...place };
}

function together(rest: readonly Annotation[]): Annotation {
  const [first] = rest;
  const lines = rest.slice(0, MOST_LISTED).map(({ file, line, message }) => `${file}:${line ?? 1}: ${message}`);
  const more = rest.length > MOST_LISTED ? [`… and ${rest.length - MOST_LISTED} more in the job summary`] : [];
  return {
    level: first?.level ?? 'error',
    title: `${rest.length} more, as GitHub shows ten at most`,
    message: [...lines, ...more].join('\n'),
    file: first?.file ?? '',
  };
}
