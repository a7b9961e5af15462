const PREFIX = 'com.docker.compose.';

/** A label that Compose itself puts on what it makes; empty if it is not there. */
export function composeLabel(labels: Readonly<Record<string, string>>, name: string): string {
  return labels[`${PREFIX}${name}`] ?? '';
}

/** The labels that the project's files gave. */
export function withoutComposeLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith(PREFIX)));
}
