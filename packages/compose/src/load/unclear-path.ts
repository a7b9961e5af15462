import { isPlainlySet } from './dotenv.ts';
import type { PathFault } from './place-of.ts';
import type { Reference, ReferenceKind } from './references.ts';

/** What Compose itself opens while it renders a project, and whose content it prints. */
const OPENED: ReadonlySet<ReferenceKind> = new Set<ReferenceKind>([
  ...(['include', 'project_directory', 'extends'] as const),
  ...(['env_file', 'label_file'] as const),
]);

/** Text, variables, and defaults without variables of their own: what every release of Compose reads alike. */
const PLAIN_TEMPLATE = /^(?:[^$]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*(?::?[-?][^${}\n]*)?\})*$/;

/** Compose gives these to itself, or the host gives them to Compose; then `.env` does not count. */
const OF_THE_HOST =
  /^(?:COMPOSE|DOCKER|BUILDX|BUILDKIT|GITOPS|SUDO|LC|XDG|SSH|OTEL)_|^(?:PATH|HOME|PWD|OLDPWD|USER|USERNAME|LOGNAME|SHELL|SHLVL|MAIL|TERM|LANG|LANGUAGE|HOSTNAME|TMPDIR|DISPLAY|COLORS|LS_COLORS|_)$/i;

/**
 * Why it is not certain which file Compose opens for a reference. `envTexts` are the files that variables come from, those that win
 * over the others first.
 */
export function unclearPath(
  { kind, value: { text = '' } }: Reference,
  envTexts: readonly (readonly string[])[],
): PathFault | undefined {
  if (!OPENED.has(kind) || !text.includes('$')) return undefined;
  if (!PLAIN_TEMPLATE.test(text)) return fault(`\`${text}\` is not read alike by every release of Compose`);
  const names = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
  const ofHost = names.find((name) => OF_THE_HOST.test(name));
  if (ofHost !== undefined) return fault(`\`${text}\` depends on the host: \`${ofHost}\` may be set there`);
  const unclear = names.find((name) => !isPlainlySet(name, envTexts));
  return unclear === undefined
    ? undefined
    : fault(`which file \`${text}\` names depends on how \`.env\` is read`, unclear);
}

function fault(message: string, unclear?: string): PathFault {
  const remedy =
    unclear === undefined
      ? 'write the path without that variable'
      : `set \`${unclear}\` once, on a line of its own and as a plain word, or write the path without it`;
  return { rule: 'compose/unclear-path', message, remedy };
}
