import { ConfigurationError, type Finding, type StackSource } from '@gitops/core';

/** What Compose said when it refused the project, at the place in git that it speaks of. `tree` is where the files lay. */
export function refusedByCompose(source: StackSource, said: string, tree: string): ConfigurationError {
  const words = unquoted(said.split('\n').map(messageOf).join('\n').trim().replaceAll(`${tree}/`, ''));
  const named = /^validating ([^\n]+?): /.exec(words)?.[1];
  const file = named ?? source.composeFiles[0] ?? source.folder;
  const place = placeIn(words, source.positionOf);
  const finding: Finding = {
    rule: 'compose/refused',
    severity: 'error',
    file,
    ...(place?.file === file && { line: place.line, column: place.column }),
    message: `Compose refuses the project: ${words || 'without a word'}`,
    remedy: 'mend the Compose file; `docker compose config` in its folder says the same',
  };
  return new ConfigurationError([finding]);
}

/** In characters; a crash fills pages. */
const LONGEST = 2000;

/** Compose quotes the line of an env file that it can't read: the value in it is likely to be a secret. */
function unquoted(words: string): string {
  return words.replace(/(unterminated quoted value|in variable name(?: near)?) [\s\S]*/, '$1 …').slice(0, LONGEST);
}

/** `time="…" level=warning msg="…"` → the message. */
export function messageOf(line: string): string {
  return line.match(/msg="((?:[^"\\]|\\.)*)"/)?.[1]?.replaceAll('\\"', '"') ?? line;
}

/** Compose writes `services.web.ports`, `services[web].ports`, `service "web"`, and an unknown key behind its parent. */
function placeIn(words: string, positionOf: StackSource['positionOf']): ReturnType<StackSource['positionOf']> {
  const service = /\bservice "([^"]+)"/.exec(words)?.[1];
  const dotted = /\b(?:services|networks|volumes|configs|secrets)[.[][\w.[\]-]+/.exec(words)?.[0] ?? '';
  const unknownKey = /additional properties '([^']+)'/.exec(words)?.[1];
  const named = service === undefined ? dotted.split(/[.[\]]+/).filter((step) => step !== '') : ['services', service];
  const path = unknownKey === undefined ? named : [...named, unknownKey];
  const prefixes = path.map((_, index) => path.slice(0, path.length - index));
  return prefixes.map((prefix) => positionOf(prefix)).find((place) => place !== undefined);
}
