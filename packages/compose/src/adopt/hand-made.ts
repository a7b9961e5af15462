import { GitopsError } from '@gitops/core';
import * as v from 'valibot';
import { dockerUnusable } from '../observe.ts';
import type { Rendered } from '../rendered.ts';
import { composeLabel } from './compose-labels.ts';
import { readFileSets } from './file-set.ts';
import { Engine, InspectedContainer, InspectedImage, InspectedNetwork, InspectedVolume } from './inspected.ts';

/** Files that containers of the project name as their origin, and what the host's Compose makes of them today. */
export interface FileSet {
  readonly configFiles: readonly string[];
  readonly workingDir: string;
  /** Empty where no `--env-file` was given; then Compose reads the folder's `.env`. */
  readonly environmentFiles: readonly string[];
  /** Absent when Compose refuses the files, or they are gone; `refusal` says why. */
  readonly rendered?: Rendered;
  readonly refusal: string;
  /** Compose's hash of each service as rendered. */
  readonly hashes: ReadonlyMap<string, string>;
  /** A tar of those files that are still there, by their absolute paths without the first slash; empty if none is. */
  readonly archive: Buffer;
}

/** A running project that nobody has deployed with us, as the program `adopt` found it. It holds secret values. */
export interface HandMade {
  readonly engine: Engine;
  /** By the name of their service, in the order of their numbers. Never empty lists. */
  readonly services: ReadonlyMap<string, readonly InspectedContainer[]>;
  readonly networks: readonly InspectedNetwork[];
  readonly volumes: readonly InspectedVolume[];
  readonly images: readonly InspectedImage[];
  /** The image id that each reference stands for today; absent when it stands for none. */
  readonly references: ReadonlyMap<string, string>;
  readonly fileSets: readonly FileSet[];
}

/**
 * Reads the parts of the answer of the program `adopt`; `label` names the host in errors.
 * @throws GitopsError `docker-…` when Docker would not answer, `inspect` for an answer that can't be read.
 */
export function readHandMade(parts: ReadonlyMap<string, string>, label: string): HandMade {
  const [code, ...said] = partOf(parts, 'docker').split('\n');
  if (code !== '0') throw dockerUnusable(label, said.join('\n').trim());
  const read = <T>(name: string, schema: v.GenericSchema<unknown, T>, none: string): T =>
    readJson(schema, partOf(parts, name) || none, { what: name, said: partOf(parts, 'error'), label });
  return {
    engine: read('engine', Engine, '{}'),
    services: byService(read('containers', v.array(InspectedContainer), '[]')),
    networks: read('networks', v.array(InspectedNetwork), '[]'),
    volumes: read('volumes', v.array(InspectedVolume), '[]'),
    images: read('images', v.array(InspectedImage), '[]'),
    references: readReferences(partOf(parts, 'references')),
    fileSets: readFileSets(parts),
  };
}

function partOf(parts: ReadonlyMap<string, string>, name: string): string {
  return parts.get(name)?.trim() ?? '';
}

interface Source {
  readonly what: string;
  readonly said: string;
  readonly label: string;
}

function readJson<T>(schema: v.GenericSchema<unknown, T>, json: string, source: Source): T {
  try {
    return v.parse(schema, JSON.parse(json));
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

/** The answer itself is not shown: it holds secrets. */
function unreadable({ what, said, label }: Source, cause: unknown): GitopsError {
  const place = cause instanceof v.ValiError ? `${v.getDotPath(cause.issues[0]) ?? ''}: ${cause.message}` : '';
  return new GitopsError('inspect', {
    attempted: `read what Docker on ${label} says of the project's ${what}`,
    seen: place || said || 'no JSON',
    remedy: 'run `docker inspect` of the project on the host and see what it says; nothing was changed',
  });
}

function byService(containers: readonly InspectedContainer[]): ReadonlyMap<string, readonly InspectedContainer[]> {
  const sorted = [...containers].sort((a, b) => numberOf(a) - numberOf(b));
  return new Map(
    [...Map.groupBy(sorted, ({ Config }) => composeLabel(Config.Labels, 'service'))].sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
}

function numberOf({ Config }: InspectedContainer): number {
  return Number(composeLabel(Config.Labels, 'container-number'));
}

function readReferences(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^"(sha256:[0-9a-f]+)" (.+)$/gm);
  return new Map([...lines].map(([, id = '', reference = '']) => [reference, id]));
}
