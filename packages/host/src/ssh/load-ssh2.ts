export type Ssh2 = typeof import('ssh2');

/** Loads ssh2. It takes 44 ms, which commands that need no host should not pay. */
export async function loadSsh2(): Promise<Ssh2> {
  return (await import(/* webpackMode: "eager" */ 'ssh2')).default;
}
