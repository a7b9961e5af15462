export { type ConnectOptions, connect } from './connect.ts';
export type { Connection, RemoteProcess } from './connection.ts';
export { publicKeyFile } from './handshake-errors.ts';
export { fingerprint, type HostKey } from './host-key.ts';
export { knownHostsName, type PinnedKeys, pinnedKeys } from './known-hosts.ts';
export { type OfferRequest, offeredKeys } from './offered-keys.ts';
export type { RemoteScript, ScriptResult } from './remote-script.ts';
export { quote } from './shell-words.ts';
export { packTar, type TarEntry } from './tarball.ts';
