export { type ConnectOptions, connect, type HostLogin } from './connect.ts';
export type { Connection, RemoteProcess } from './connection.ts';
export { fingerprint } from './host-key.ts';
export type { IdentitySources } from './identities.ts';
export { type PinnedKeys, pinnedKeys } from './known-hosts.ts';
export type { PrivateKey } from './private-key.ts';
export type { RemoteScript, ScriptResult } from './remote-script.ts';
export { quote } from './shell-words.ts';
export { packTar, type TarEntry } from './tarball.ts';
