export { Secret } from './secret.ts';
export { inspectSops, type SopsFile, type SopsLeaf } from './sops/inspect.ts';
export type { AgeRecipient, SopsMetadata } from './sops/metadata.ts';
export type { SopsRule } from './sops/rule.ts';
export { SopsError, type SopsErrorCode } from './sops/sops-error.ts';
export { type SopsFormat, sniffSops } from './sops/sops-format.ts';
