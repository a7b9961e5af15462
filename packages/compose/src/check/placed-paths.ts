import { posix } from 'node:path';
import { At, type Change, changeKeys } from './at.ts';
import type { Faults } from './faults.ts';
import { isMap, type PlainMap } from './plain.ts';
import { below, each, inItems } from './typed-values.ts';

/** Makes paths that are relative to `folder` relative to what `folder` is relative to. */
export function placedPaths(project: PlainMap, folder: string, faults: Faults): PlainMap {
  const path: Change = (value) => (typeof value === 'string' && isRelative(value) ? posix.join(folder, value) : value);
  const file = each(below({ file: path }));
  const sections = {
    services: each(below(serviceChanges(path))),
    secrets: file,
    configs: file,
    volumes: each(boundVolume(path)),
  };
  return changeKeys(project, sections, At.root(project, faults));
}

function serviceChanges(path: Change): Readonly<Record<string, Change>> {
  const context: Change = (value, at) => (typeof value === 'string' && isRemote(value) ? value : path(value, at));
  const mount: Change = (value, at) =>
    isMap(value) && value['type'] === 'bind' ? below({ source: path })(value, at) : value;
  return {
    build: below({ context, additional_contexts: each(context) }),
    develop: below({ watch: inItems(below({ path })) }),
    env_file: inItems(below({ path })),
    extends: below({ file: path }),
    label_file: inItems(path),
    volumes: inItems(mount),
  };
}

/** A volume of the local driver that is a bind in disguise. */
function boundVolume(path: Change): Change {
  return (value, at) => {
    const options = isMap(value) ? value['driver_opts'] : undefined;
    const isBind = isMap(value) && isMap(options) && options['o'] === 'bind' && value['driver'] === 'local';
    return isBind ? below({ driver_opts: below({ device: path }) })(value, at) : value;
  };
}

function isRelative(path: string): boolean {
  return path !== '' && !/^[~/\\]|^[A-Za-z]:[\\/]/.test(path);
}

/** Contexts that are fetched, built from an image, or are another service. */
function isRemote(context: string): boolean {
  return /^[a-z][a-z0-9+.-]*:|^git@|^github\.com\//i.test(context);
}
