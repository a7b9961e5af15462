import { hostname, userInfo } from 'node:os';

/** Who runs this command, as leases and the audit trail name them: `anna@laptop`. */
export function person(): string {
  return `${userInfo().username}@${hostname()}`;
}
