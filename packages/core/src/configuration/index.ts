export { durationMs } from './duration.ts';
export { type LoadedEnvironment, listEnvironments, loadEnvironment } from './load-environment.ts';
export { environmentSchema, gitopsSchema } from './schema.ts';
export { type Position, parseYamlFile, type YamlFile } from './yaml-file.ts';
export { YamlValue } from './yaml-value.ts';
