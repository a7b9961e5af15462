import type { Finding, Place, RegistryLogin, RegistrySpec, UploadedFile } from '@gitops/core';
import { authKeyOf } from './image-registry.ts';
import { withoutEntries } from './load/dotenv.ts';
import type { LoadedStack } from './load/index.ts';
import { interpolate, type Variables } from './load/interpolation.ts';

/** Where a variable may come from: what the `.env` of a stack says. */
export interface VariableSource {
  /** Of the stack. */
  readonly name: string;
  readonly variables: Variables;
}

export interface Registries {
  readonly logins: readonly RegistryLogin[];
  readonly findings: readonly Finding[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
}

/** The registries of an environment with their variables filled in, from the stacks' own files and from nowhere else. */
export function resolveRegistries(specs: readonly RegistrySpec[], sources: readonly VariableSource[]): Registries {
  const read = specs.map((spec) => {
    const username = fillIn(spec, 'username', sources);
    const password = fillIn(spec, 'password', sources);
    const { file, line, column } = spec.passwordAt;
    const source = `${[file, line, column].filter((part) => part !== undefined).join(':')} (${spec.key})`;
    return {
      login: { host: spec.host.toLowerCase(), username: username.text, password: password.text, source },
      findings: [...username.findings, ...password.findings],
    };
  });
  const logins = read.map(({ login }) => login);
  return {
    logins,
    findings: read.flatMap(({ findings }) => findings),
    secrets: logins.flatMap((login) => [login.password, authOf(login)]),
  };
}

/** What is wrong with the logins of an environment, whose variables are those of its stacks. */
export function registryFindings(
  specs: readonly RegistrySpec[],
  stacks: readonly { readonly loaded: LoadedStack }[],
): readonly Finding[] {
  if (specs.length === 0) return [];
  return resolveRegistries(
    specs,
    stacks.flatMap(({ loaded }) => loaded.stack ?? []),
  ).findings;
}

/** As registries and Docker's configuration write a login. */
function authOf({ username, password }: Pick<RegistryLogin, 'username' | 'password'>): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** A Docker configuration that knows this one registry. */
export function configurationFor(login: RegistryLogin): string {
  return JSON.stringify({ auths: { [authKeyOf(login.host)]: { auth: authOf(login) } } });
}

function fillIn(
  spec: RegistrySpec,
  key: 'username' | 'password',
  sources: readonly VariableSource[],
): { readonly text: string; readonly findings: readonly Finding[] } {
  const place = key === 'username' ? spec.usernameAt : spec.passwordAt;
  const { text, faults } = interpolate(spec[key], Object.assign({}, ...sources.map(({ variables }) => variables)));
  const missing = faults.map(({ name }) => notSet(place, name));
  const contradicting = variablesIn(spec[key]).flatMap((name) => contradiction(place, name, sources));
  const empty = text === '' && missing.length === 0 ? [emptyValue(place, `${spec.key}.${key}`)] : [];
  return { text, findings: [...missing, ...contradicting, ...empty] };
}

/** Names of the variables that a template can't do without. */
function variablesIn(template: string): readonly string[] {
  return interpolate(template, {}).faults.flatMap(({ kind, name }) => (kind === 'invalid' ? [] : [name]));
}

function contradiction(place: Place, name: string, sources: readonly VariableSource[]): readonly Finding[] {
  const having = sources.filter(({ variables }) => Object.hasOwn(variables, name));
  if (new Set(having.map(({ variables }) => variables[name])).size < 2) return [];
  const stacks = having.map((source) => `\`${source.name}\``).join(', ');
  const message = `variable \`${name}\` has different values in the \`.env\` files of the stacks ${stacks}`;
  const remedy = 'set it in one of them, or use two names';
  return [{ rule: 'config/contradicting-variable', severity: 'error', ...place, message, remedy }];
}

function notSet(place: Place, name: string): Finding {
  const message = `variable \`${name}\` is not set`;
  const remedy = `set \`${name}\` in the \`.env\` of a stack of this environment; nothing is taken from the runner's environment`;
  return { rule: 'config/unset-variable', severity: 'error', ...place, message, remedy };
}

function emptyValue(place: Place, name: string): Finding {
  const remedy = 'give the variable a value, or remove the registry';
  return { rule: 'config/empty-value', severity: 'error', ...place, message: `\`${name}\` comes out empty`, remedy };
}

/**
 * The files without the passwords of registries: these are for the runner, and have no business in a release. One that a
 * Compose file or another variable uses too has to stay.
 */
export function withoutPasswords(
  upload: readonly UploadedFile[],
  envFiles: readonly string[],
  specs: readonly RegistrySpec[],
): readonly UploadedFile[] {
  const names = new Set(specs.flatMap(({ password }) => variablesIn(password)));
  const isEnvFile = ({ path }: UploadedFile) => envFiles.includes(path);
  const stripped = (file: UploadedFile, gone: ReadonlySet<string>) =>
    isEnvFile(file) ? { ...file, content: Buffer.from(withoutEntries(file.content.toString('utf8'), gone)) } : file;
  // environment.yml itself may lie among the files of the stack.
  const own = new Set(specs.map(({ passwordAt }) => passwordAt.file));
  const isReader = (file: UploadedFile) => isEnvFile(file) || /\.(?:ya?ml|env)$/.test(file.path);
  const readers = upload.filter((file) => isReader(file) && !own.has(file.path));
  const texts = readers.map((file) => stripped(file, names).content.toString('utf8'));
  const unused = [...names].filter((name) => !texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
  return unused.length === 0 ? upload : upload.map((file) => stripped(file, new Set(unused)));
}
