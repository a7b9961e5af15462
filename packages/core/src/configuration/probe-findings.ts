import type { Finding } from '../model.ts';
import type { EnvironmentFile, Read } from './read-configuration.ts';

/** What a probe's own keys can't tell: names that occur twice, waits that are too long, certificates nobody checks. */
export function probeFindings(read: Read<EnvironmentFile>): readonly Finding[] {
  const { probes = [], deadline = 0 } = read.value?.health ?? {};
  return probes.flatMap(({ name, timeout = 0, tls }, index) => {
    const findings: Finding[] = [];
    if (probes.findIndex((each) => each.name === name) < index) {
      const message = `there is a probe \`${name}\` already`;
      findings.push(probeFinding(read, [index, 'name'], 'config/duplicate-name', message, 'give it another name'));
    }
    if (timeout > deadline) {
      const message = 'one look would take longer than `health.deadline` lets all of them';
      findings.push(
        probeFinding(read, [index, 'timeout'], 'config/long-timeout', message, 'shorten it, or lengthen `deadline`'),
      );
    }
    if (tls?.verify === false) findings.push(unverified(read, index));
    return findings;
  });
}

/** A finding at a key of a probe. */
export function probeFinding(
  { source }: Read<EnvironmentFile>,
  path: readonly (string | number)[],
  rule: string,
  message: string,
  remedy: string,
): Finding {
  const position = source.root?.at(['health', 'probes', ...path])?.position;
  return { rule, severity: 'error', file: source.file, ...position, message, remedy };
}

function unverified(read: Read<EnvironmentFile>, index: number): Finding {
  const remedy = 'name the certificate of its authority in `tls.ca` instead';
  const message = 'the certificate is not verified: whoever answers is believed';
  return {
    ...probeFinding(read, [index, 'tls', 'verify'], 'config/unverified-tls', message, remedy),
    severity: 'warning',
  };
}
