export { ruleOfSopsError } from './rule-of-sops-error.ts';
export { SECRET_RULES } from './rules.ts';
export {
  applyBaseline,
  BASELINE_FILE,
  type Baseline,
  type BaselineEntry,
  type Compared,
  readBaseline,
  writeBaseline,
} from './scan/baseline.ts';
export { decryptedFindings } from './scan/decrypted-findings.ts';
export type { DecryptedDotenv } from './scan/dotenv-differences.ts';
export { ignoringFaults, withoutIgnored } from './scan/ignored.ts';
export { scanFiles } from './scan/scan-files.ts';
export type { ScannedFile } from './scan/scanned-file.ts';
export { openSopsConfigs } from './scan/sops-configs.ts';
export { sopsFindings } from './scan/sops-findings.ts';
export { Secret } from './secret.ts';
export { readAgeIdentities } from './sops/age/read-identities.ts';
export { type CheckedSops, checkSops } from './sops/check-sops.ts';
export { type DecryptedSops, decryptSops } from './sops/decrypt.ts';
export { encryptSops, reencryptSops, type SopsTarget } from './sops/encrypt.ts';
export { inspectSops } from './sops/inspect.ts';
export { sopsOnPath } from './sops/run-sops.ts';
export {
  type CreationRule,
  readSopsConfig,
  ruleFor,
} from './sops/sops-config.ts';
export { SopsError } from './sops/sops-error.ts';
export { type SopsFormat, sniffSops } from './sops/sops-format.ts';
export {
  envFileOf,
  type NamedSecret,
  namesWithoutKey,
  type OpenedSecrets,
  openSecrets,
  type SopsKeys,
} from './stack-secrets.ts';
export { isWorthHiding } from './worth-hiding.ts';
