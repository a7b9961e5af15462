import { nearest } from '@gitops/core';

/** https://man7.org/linux/man-pages/man7/capabilities.7.html, and Docker's word for all of them. */
const CAPABILITIES: readonly string[] = [
  ...['ALL', 'AUDIT_CONTROL', 'AUDIT_READ', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'BPF', 'CHECKPOINT_RESTORE', 'CHOWN'],
  ...['DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE'],
  ...['LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_BROADCAST'],
  ...['NET_RAW', 'PERFMON', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYSLOG', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_CHROOT'],
  ...['SYS_MODULE', 'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG'],
  'WAKE_ALARM',
];

/** Whether Docker knows a capability: in letters of either case, with `CAP_` or without. `CAP_ALL` it does not know. */
export function isCapability(word: string): boolean {
  const upper = word.toUpperCase();
  return upper !== 'CAP_ALL' && CAPABILITIES.includes(upper.replace(/^CAP_/, ''));
}

/** The capability that was probably meant. */
export function nearCapability(word: string): string | undefined {
  return nearest(word.toUpperCase().replace(/^CAP_/, ''), CAPABILITIES);
}
