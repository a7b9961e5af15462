import type { Step } from './origins.ts';

/** `services.web.ports[0]` */
export function dotted(path: readonly Step[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
