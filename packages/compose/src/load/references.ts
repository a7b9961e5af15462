import type { YamlValue } from '@gitops/core';
import { interpolate, type Variables } from './interpolation.ts';
import { looksLikeFile, parseShortVolume } from './volume-source.ts';

export type ReferenceKind =
  | 'include'
  | 'project_directory'
  | 'extends'
  | 'env_file'
  | 'label_file'
  | 'config'
  | 'secret'
  | 'bind'
  | 'seccomp';

/** A file or folder that a Compose file names. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** Interpolated, as Compose will see it. */
  readonly path: string;
  /** Where it is written. */
  readonly value: YamlValue;
  /** What it means if nothing is there: Compose fails, makes a folder of it, or does without. */
  readonly ifMissing: 'error' | 'created' | 'ignored';
  /** A bind mount that the application may write to. */
  readonly writable?: boolean;
}

/** One item of `include`, with the files of the other project that are its own. */
export interface Inclusion {
  readonly files: readonly Reference[];
  readonly envFiles: readonly Reference[];
  readonly projectDirectory?: Reference;
}

/** `extends` with a file: the service it takes from there. */
export interface Extension {
  readonly file?: Reference;
  readonly service: string;
}

/** Includes of a Compose file. */
export function inclusionsOf(root: YamlValue, variables: Variables): Inclusion[] {
  return (root.get('include')?.items ?? []).map((item) => {
    const refer = (values: readonly YamlValue[]) =>
      values.flatMap((value) => reference('include', value, variables) ?? []);
    const projectDirectory = reference('project_directory', item.get('project_directory'), variables);
    return {
      files: refer(item.isMapping ? oneOrMany(item.get('path')) : [item]),
      envFiles: refer(oneOrMany(item.get('env_file'))).filter(({ path }) => path !== '/dev/null'),
      ...(projectDirectory ? { projectDirectory } : {}),
    };
  });
}

/** Files of the top-level `configs` and `secrets`. */
export function fileReferencesOf(root: YamlValue, variables: Variables): Reference[] {
  const filesOf = (section: string, kind: ReferenceKind) =>
    [...(root.get(section)?.entries.values() ?? [])].flatMap(
      // What Docker holds already is read from no file, whatever stands there.
      (entry) => (isExternal(entry) ? [] : (reference(kind, entry.get('file'), variables) ?? [])),
    );
  return [...filesOf('configs', 'config'), ...filesOf('secrets', 'secret')];
}

function isExternal(entry: YamlValue): boolean {
  const external = entry.get('external');
  return external?.isMapping === true || saysYes(external);
}

/** Env files, label files, bind mounts and seccomp profiles of one service. */
export function serviceReferencesOf(service: YamlValue, variables: Variables): Reference[] {
  return [
    ...oneOrMany(service.get('env_file')).flatMap((value) => envFile(value, variables) ?? []),
    ...oneOrMany(service.get('label_file')).flatMap((value) => reference('label_file', value, variables) ?? []),
    ...(service.get('volumes')?.items ?? []).flatMap((value) => bind(value, variables) ?? []),
    ...(service.get('security_opt')?.items ?? []).flatMap((value) => seccompProfile(value, variables) ?? []),
  ];
}

/** What a service extends, in short (`extends: base`) or long syntax. */
export function extensionOf(service: YamlValue, variables: Variables): Extension | undefined {
  const extension = service.get('extends');
  const name = extension?.text ?? extension?.get('service')?.text;
  if (name === undefined) return undefined;
  const file = reference('extends', extension?.get('file'), variables);
  return { service: interpolate(name, variables).text, ...(file ? { file } : {}) };
}

function envFile(value: YamlValue, variables: Variables): Reference | undefined {
  if (!value.isMapping) return reference('env_file', value, variables);
  const found = reference('env_file', value.get('path'), variables);
  const isOptional = saysNo(value.get('required'));
  return found && { ...found, ifMissing: isOptional ? 'ignored' : 'error' };
}

function bind(value: YamlValue, variables: Variables): Reference | undefined {
  return value.isMapping ? longBind(value, variables) : shortBind(value, variables);
}

function shortBind(value: YamlValue, variables: Variables): Reference | undefined {
  const whole = reference('bind', value, variables);
  const parsed = whole && parseShortVolume(whole.path);
  if (!parsed) return undefined;
  const mustExist = parsed.readOnly || looksLikeFile(parsed.source);
  return { ...whole, path: parsed.source, ifMissing: mustExist ? 'error' : 'created', writable: !parsed.readOnly };
}

function longBind(value: YamlValue, variables: Variables): Reference | undefined {
  const found = value.get('type')?.text === 'bind' ? reference('bind', value.get('source'), variables) : undefined;
  if (!found) return undefined;
  const isNotCreated = saysNo(value.get('bind')?.get('create_host_path'));
  const isReadOnly = saysYes(value.get('read_only'));
  const mustExist = isReadOnly || isNotCreated || looksLikeFile(found.path);
  return { ...found, ifMissing: mustExist ? 'error' : 'created', writable: !isReadOnly };
}

/** `seccomp:PATH` or `seccomp=PATH`; two words are no paths. */
function seccompProfile(value: YamlValue, variables: Variables): Reference | undefined {
  const whole = reference('seccomp', value, variables);
  const path = /^seccomp[:=](.+)$/.exec(whole?.path ?? '')?.[1];
  const isPath = path !== undefined && path !== 'unconfined' && path !== 'builtin';
  return whole && isPath ? { ...whole, path } : undefined;
}

/** Nothing for a value that is no text, was reset, or has a variable without value, which is a finding of its own. */
function reference(kind: ReferenceKind, value: YamlValue | undefined, variables: Variables): Reference | undefined {
  if (value?.text === undefined || value.text === '' || value.tag === '!reset') return undefined;
  const { text: path, faults } = interpolate(value.text, variables);
  return faults.length > 0 || path === '' ? undefined : { kind, path, value, ifMissing: 'error' };
}

function oneOrMany(value: YamlValue | undefined): readonly YamlValue[] {
  if (value === undefined || value.tag === '!reset') return [];
  return value.text === undefined && !value.isMapping ? value.items : [value];
}

/** Compose reads YAML 1.1, where `yes` and `no` are booleans too. */
function saysYes(value: YamlValue | undefined): boolean {
  return value?.scalar === true || /^(?:true|yes|on|y)$/i.test(value?.text ?? '');
}

function saysNo(value: YamlValue | undefined): boolean {
  return value?.scalar === false || /^(?:false|no|off|n)$/i.test(value?.text ?? '');
}
