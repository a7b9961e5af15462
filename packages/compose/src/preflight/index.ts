export { type PreflightInput, preflight } from './preflight.ts';
export { PREFLIGHT_RULES } from './rules.ts';
