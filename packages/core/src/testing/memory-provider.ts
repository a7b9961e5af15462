import type { Change, Desired, Live } from '../model.ts';
import type { Declared, Loaded, Provider } from '../ports.ts';
import { change } from './changes.ts';

/** What a commit declares, as far as the engine looks at it. */
export function declared(said: Partial<Declared> = {}): Declared {
  return {
    stacks: [{ name: 'shop', folder: '', composeFiles: ['compose.yaml'], services: [], positionOf: () => undefined }],
    upload: [],
    inputsDigest: 'inputs of 2',
    ...said,
  };
}

/** The least provider that tells new, changed, gone and unchanged services from each other. */
export function memoryProvider(loaded: Partial<Loaded> = {}, more: readonly Change[] = []): Provider {
  return {
    load: async () => ({ declared: declared(), secrets: [], findings: [], ...loaded }),
    diff: (desired, _, live) => [...diffServices(desired, live), ...more],
    obstacles: () => [],
    compile: () => ({
      stacks: [],
      apply: [],
      revert: [],
      unwedge: [],
      expectAfterRevert: [],
      toleratedAfterRevert: [],
      overlays: {},
    }),
  };
}

function diffServices(desired: Desired, live: Live): readonly Change[] {
  const wanted = new Set(desired.services.map(({ name }) => name));
  const gone = live.containers.filter(({ service }) => !wanted.has(service));
  return [
    ...desired.services.map(({ name, configHash }) => change({ name, action: actionFor(name, configHash, live) })),
    ...gone.map(({ service }) => change({ name: service, action: 'delete' })),
  ];
}

function actionFor(name: string, configHash: string, live: Live): Change['action'] {
  const found = live.containers.find(({ service }) => service === name);
  if (!found) return 'create';
  return found.configHash === configHash ? 'none' : 'recreate';
}
