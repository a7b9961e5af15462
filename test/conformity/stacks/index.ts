import type { Case } from '../case.ts';
import { APPLICATIONS } from './applications.ts';
import { INFRASTRUCTURE } from './infrastructure.ts';
import { MEDIA_AND_MONITORING } from './media-and-monitoring.ts';

/** Projects shaped like those that people run at home. */
export const STACKS: readonly Case[] = [...APPLICATIONS, ...INFRASTRUCTURE, ...MEDIA_AND_MONITORING];
