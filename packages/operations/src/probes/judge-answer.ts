import type { IncomingHttpHeaders } from 'node:http';
import { type HttpProbeSpec, REDIRECTS } from '@gitops/core';
import { durationText } from './duration-text.ts';
import type { BodySearch } from './search-body.ts';
import { nextStop, type Stop, withoutQuery } from './stop.ts';

/** The head of an answer. */
export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const LONGEST_SHOWN = 80;

/** What is wrong with the head of an answer, to be read after "answers 404"; `undefined` if it is as expected. */
export function faultOfHead(probe: HttpProbeSpec, stop: Stop, { status, headers }: Head): string | undefined {
  if (!isExpected(probe, status)) {
    const instead = ` instead of ${[probe.status ?? '200–299'].flat().join(' or ')}`;
    return REDIRECTS.includes(status) ? `${instead}${whereTo(probe, stop, headers.location)}` : instead;
  }
  for (const [name, part] of Object.entries(probe.answerHeaders ?? {})) {
    const value = headerText(headers, name);
    if (value === undefined) return `, but its header \`${name}\` is missing`;
    if (!value.includes(part)) return `, but its header \`${name}\` ${shownValue(name, value)}lacks ${shown(part)}`;
  }
  return undefined;
}

function isExpected({ status }: HttpProbeSpec, seen: number): boolean {
  if (status === undefined) return seen >= 200 && seen < 300;
  return [status].flat().includes(seen);
}

function whereTo({ redirects = false }: HttpProbeSpec, stop: Stop, location: string | undefined): string {
  if (location === undefined) return ', and does not say where it leads';
  const next = nextStop(stop, location);
  if (!next) return `, and leads to ${shown(location)}, which is no web address`;
  const remedy = redirects ? '' : ' → write that address, or `redirects: true`';
  return `, and leads to ${withoutQuery(next.url)}${remedy}`;
}

function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A cookie may be somebody's session. */
function shownValue(name: string, value: string): string {
  return name.toLowerCase() === 'set-cookie' ? '' : `is ${shown(value)} and `;
}

/** What is wrong with the body, to be read after "answers 200"; `undefined` if the text was found. */
export function faultOfBody(
  wanted: string,
  { end, bytes }: BodySearch,
  encoding: string | undefined,
  timeoutMs: number,
): string | undefined {
  const size = `${bytes} bytes${encoding === undefined ? '' : `, ${encoding}`}`;
  const lacks = `lacks ${shown(wanted)}`;
  if (end === 'found') return undefined;
  if (end === 'complete') return `, but its body (${size}) ${lacks}`;
  if (end === 'limit') return `, but the first MiB of its body ${lacks}`;
  if (end === 'broken') return `, but its body broke off (${size}) and ${lacks}`;
  return `, but its body did not end within ${durationText(timeoutMs)} (${size}) and ${lacks}`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
