export { suggestion } from './closed-object.ts';
export { durationMs } from './duration.ts';
export { type AskedValue, problemWith } from './judge-value.ts';
export { type LoadedEnvironment, listEnvironments, loadEnvironment } from './load-environment.ts';
export { hostHeader, REDIRECTS } from './probe-schema.ts';
export { readGitopsFile } from './read-configuration.ts';
export { environmentSchema, gitopsSchema } from './schema.ts';
export { type Position, parseYamlFile, type YamlFile } from './yaml-file.ts';
export { YamlValue } from './yaml-value.ts';
