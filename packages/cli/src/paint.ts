import { styleText } from 'node:util';
import type { Paint, Tone } from '@gitops/core';
import type { Screen } from './terminal-reporter.ts';

const COLOUR = {
  new: 'green',
  changed: 'yellow',
  gone: 'red',
  warning: 'yellow',
  heading: 'bold',
  aside: 'dim',
} as const satisfies Record<Tone, string>;

/** Colours where somebody sees them and wants them. https://no-color.org */
export function paintOn({ isTTY = false }: Screen, env: Readonly<Record<string, string | undefined>>): Paint {
  if (!isTTY || env['NO_COLOR']) return (_, text) => text;
  return (tone, text) => styleText(COLOUR[tone], text, { validateStream: false });
}
