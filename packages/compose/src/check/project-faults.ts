import type { Finding } from '@gitops/core';
import { serviceFaults } from './consistency.ts';
import { dependencyCycle } from './dependency-cycle.ts';
import { Faults } from './faults.ts';
import { listOf, mapOf, type PlainMap } from './plain.ts';

/** Checks how the parts of a project fit together, with no profile active, and then those of every profile. */
export function projectFaults(project: PlainMap, faults: Faults): void {
  const services = mapOf(project['services']);
  const active = new Set(Object.keys(services).filter((name) => isAlwaysActive(mapOf(services[name]))));
  check(project, active, faults, active);
  secretSources(project, faults);
  const dormant = Object.keys(services).filter((name) => !active.has(name));
  if (dormant.length === 0) return;
  const others = new Faults(faults.origins, faults.file);
  check(project, new Set(Object.keys(services)), others, dormant);
  const known = new Set(faults.findings.map(({ message }) => message));
  faults.findings.push(...others.findings.filter(({ message }) => !known.has(message)).map(asDormant));
}

function isAlwaysActive(service: PlainMap): boolean {
  return listOf(service['profiles']).length === 0;
}

function check(project: PlainMap, active: ReadonlySet<string>, faults: Faults, checked: Iterable<string>): void {
  for (const name of checked) serviceFaults(name, project, active, faults);
  const services = mapOf(project['services']);
  const cycle = dependencyCycle(services, active);
  const [first, second] = cycle ?? [];
  if (!cycle || first === undefined || second === undefined) return;
  const dependsOn = mapOf(mapOf(services[first])['depends_on']);
  const message = `services wait for each other: ${cycle.map((name) => `\`${name}\``).join(' → ')}`;
  faults.add('compose/cycle', { in: dependsOn, step: second, atKey: true }, message, 'remove one of the dependencies');
}

/** Without it the profile could not be used; a deployment without that profile does not care. */
function asDormant(finding: Finding): Finding {
  const message = `once its profile is active, Compose refuses the project: ${finding.message}`;
  return { ...finding, rule: 'compose/broken-profile', severity: 'warning', message };
}

/** Those that say neither where they come from nor who else knows have been refused before. */
function secretSources(project: PlainMap, faults: Faults): void {
  const secrets = mapOf(project['secrets']);
  for (const [name, value] of Object.entries(secrets)) {
    const secret = mapOf(value);
    const isMeant = secret['external'] === false || 'driver' in secret;
    if (!isMeant || secret['external'] === true || secret['file'] || secret['environment']) continue;
    const message = `\`secrets.${name}\` has no source`;
    const remedy = 'add `file:` or `environment:`, or write `external: true`';
    faults.add('compose/missing-key', { in: secrets, step: name, atKey: true }, message, remedy);
  }
}
