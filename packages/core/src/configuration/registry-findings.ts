import type { Finding, RegistrySpec } from '../model.ts';
import type { EnvironmentFile, Read } from './read-configuration.ts';

/** The registries, each value with its place for messages about it. */
export function registrySpecs({ source, value }: Read<EnvironmentFile>): readonly RegistrySpec[] {
  const place = (index: number, key: string) => ({
    file: source.file,
    ...source.root?.at(['registries', index, key])?.position,
  });
  return (value?.registries ?? []).map((registry, index) => ({
    ...registry,
    key: `registries[${index}]`,
    usernameAt: place(index, 'username'),
    passwordAt: place(index, 'password'),
  }));
}

/** Docker knows one login for a registry. */
export function registryFindings({ source, value }: Read<EnvironmentFile>): readonly Finding[] {
  const hosts = (value?.registries ?? []).map(({ host }) => host.toLowerCase());
  return hosts.flatMap((host, index) => {
    if (hosts.indexOf(host) === index) return [];
    const position = source.root?.at(['registries', index, 'host'])?.position;
    const message = `there is another login for \`${host}\``;
    const rule = 'config/repeated-registry';
    return [{ rule, severity: 'error', file: source.file, ...position, message, remedy: 'remove one of the two' }];
  });
}
