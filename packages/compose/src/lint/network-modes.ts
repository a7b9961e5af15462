import { nearest } from '@gitops/core';
import type { ComposeProject, ServiceModel } from '../check/index.ts';
import { nameOf } from './resources.ts';
import type { ValueFault } from './value-fault.ts';

const WORDS: readonly string[] = ['bridge', 'host', 'none'];
const PREFIXES: readonly string[] = ['container', 'service'];

/** A network mode that is nearly one that Docker knows. Any other is the name of a network, which may be there. */
export function modeFault(project: ComposeProject, { network_mode: mode }: ServiceModel): readonly ValueFault[] {
  const meant = mode === undefined || isNetwork(project, mode) ? undefined : meantMode(mode);
  if (mode === undefined || meant === undefined) return [];
  const fault = `Docker looks for a network \`${mode}\` and refuses to start the container, unless one of this name is on the host`;
  return [{ path: ['network_mode'], value: mode, fault, remedy: `did you mean \`${meant}\`?` }];
}

function isNetwork(project: ComposeProject, mode: string): boolean {
  return Object.entries(project.model.networks ?? {}).some(([key, model]) => nameOf(project, key, model) === mode);
}

function meantMode(mode: string): string | undefined {
  const colon = mode.indexOf(':');
  if (colon === -1) return WORDS.includes(mode) ? undefined : meantWord(mode);
  const prefix = mode.slice(0, colon);
  const near = PREFIXES.includes(prefix) ? undefined : nearest(prefix, PREFIXES);
  return near && `${near}${mode.slice(colon)}`;
}

/** `home` and `node` are words, too: a slip leaves letters out, repeats or swaps some, or is in the wrong case. */
function meantWord(mode: string): string | undefined {
  const near = nearest(mode, WORDS);
  if (near === undefined || /\d/.test(mode)) return undefined;
  const isSameLength = mode.length === near.length;
  const isSlip = isSameLength
    ? lettersOf(mode) === lettersOf(near)
    : mode.trim().length < near.length || repeats(mode, near);
  return isSlip ? near : undefined;
}

function lettersOf(word: string): string {
  return [...word.toLowerCase()].sort().join('');
}

/** Whether a word has the letters of another in their order, some of them twice, or blanks around them. */
function repeats(word: string, other: string): boolean {
  return (
    word
      .trim()
      .toLowerCase()
      .replace(/(.)\1+/g, '$1') === other
  );
}
