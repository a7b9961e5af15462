export { ruleOfSopsError } from './rule-of-sops-error.ts';
export { SECRET_RULES, type SecretRule } from './rules.ts';
export {
  applyBaseline,
  BASELINE_FILE,
  type Baseline,
  type BaselineEntry,
  type Compared,
  readBaseline,
  writeBaseline,
} from './scan/baseline.ts';
export type { DecryptedValue } from './scan/copied-values.ts';
export { type DecryptedFindingsOptions, decryptedFindings } from './scan/decrypted-findings.ts';
export type { DecryptedDotenv, ReadDotenv } from './scan/dotenv-differences.ts';
export { withoutIgnored } from './scan/ignored.ts';
export { dataKeySince, type SopsVersion } from './scan/old-secrets.ts';
export { type ScanOptions, scanFiles } from './scan/scan-files.ts';
export type { ScannedFile } from './scan/scanned-file.ts';
export { openSopsConfigs, type SopsConfigs } from './scan/sops-configs.ts';
export { type SopsFindingsOptions, sopsFindings } from './scan/sops-findings.ts';
export { Secret } from './secret.ts';
export { isWorthHiding } from './worth-hiding.ts';
export { type AgeIdentityText, readAgeIdentities } from './sops/age/read-identities.ts';
export { type CheckedSops, checkSops } from './sops/check-sops.ts';
export { type DecryptedSops, decryptSops } from './sops/decrypt.ts';
export { encryptSops, reencryptSops, type SopsTarget } from './sops/encrypt.ts';
export { inspectSops, type SopsFile, type SopsLeaf } from './sops/inspect.ts';
export type { AgeRecipient, SopsMetadata } from './sops/metadata.ts';
export type { SopsRule } from './sops/rule.ts';
export { sopsOnPath } from './sops/run-sops.ts';
export {
  type CreationRule,
  readSopsConfig,
  recipientsFor,
  ruleFor,
  type SopsConfig,
} from './sops/sops-config.ts';
export { SopsError, type SopsErrorCode } from './sops/sops-error.ts';
export { type SopsFormat, sniffSops } from './sops/sops-format.ts';
export type { RunSops, SopsRun } from './sops/sops-program.ts';
export {
  envFileOf,
  type NamedSecret,
  namesWithoutKey,
  type OpenedSecrets,
  openSecrets,
  type SopsKeys,
} from './stack-secrets.ts';
