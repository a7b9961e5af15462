import { type Finding, nearest, suggestion } from '@gitops/core';
import type { ComposeProject, ServiceModel } from '../check/index.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { isCapability, nearCapability } from './capability-names.ts';
import { found } from './found.ts';
import { referenceFault } from './image-reference.ts';
import { modeFault } from './network-modes.ts';
import { restartFaults } from './restart-words.ts';
import { servicesOf } from './services.ts';
import type { ValueFault } from './value-fault.ts';

/** Values that Compose takes without a look, and that Docker refuses once it makes or starts the container. */
export function refusedValueFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap(({ name, service }) =>
    faultsOf(project, service)
      .filter(({ value }) => !value.includes(UNKNOWN_VALUE))
      .map(({ path, fault, remedy }) =>
        found('compose/refused-by-docker', project, ['services', name, ...path], `\`${name}\`: ${fault}`, remedy),
      ),
  );
}

function faultsOf(project: ComposeProject, service: ServiceModel): readonly ValueFault[] {
  return [
    ...imageFaults(service),
    ...restartFaults(service),
    ...modeFault(project, service),
    ...capabilityFaults(service, 'cap_add'),
    ...capabilityFaults(service, 'cap_drop'),
    ...memoryFaults(service),
    ...loggingFaults(service),
  ];
}

function imageFaults({ image }: ServiceModel): readonly ValueFault[] {
  const seen = image ? referenceFault(image) : undefined;
  if (!image || !seen) return [];
  const fault = `Docker cannot read the reference \`${image}\` of its image, as ${seen.fault}`;
  return [{ path: ['image'], value: image, fault, remedy: seen.remedy }];
}

function capabilityFaults(service: ServiceModel, key: 'cap_add' | 'cap_drop'): readonly ValueFault[] {
  return (service[key] ?? []).flatMap((capability, index) => {
    if (isCapability(capability)) return [];
    const near = nearCapability(capability);
    const remedy =
      near === undefined ? 'write a name out of capabilities(7), or remove it' : `did you mean \`${near}\`?`;
    const fault = `Docker refuses the capability \`${capability}\`, which it does not know`;
    return [{ path: [key, index], value: capability, fault, remedy }];
  });
}

/** Docker's own limit, `linuxMinMemory` in its daemon. */
const LEAST_MEMORY_BYTES = 6 * 1024 ** 2;

function memoryFaults({ mem_limit, mem_reservation, deploy }: ServiceModel): readonly ValueFault[] {
  const { limits, reservations } = deploy?.resources ?? {};
  const sizes: readonly (readonly [ValueFault['path'], string | undefined])[] = [
    [['mem_limit'], mem_limit],
    [['mem_reservation'], mem_reservation],
    [['deploy', 'resources', 'limits', 'memory'], limits?.memory],
    [['deploy', 'resources', 'reservations', 'memory'], reservations?.memory],
  ];
  return sizes.flatMap(([path, value]) => {
    const sizeBytes = Number(value);
    // 0 is no limit. Text that is no number is not for this rule.
    if (value === undefined || sizeBytes === 0 || !(sizeBytes < LEAST_MEMORY_BYTES)) return [];
    const fault = `\`${path.join('.')}\` is ${value} bytes, and Docker gives no container less than 6 MiB`;
    return [{ path, value, fault, remedy: 'write at least `6m`; a number without a unit counts bytes' }];
  });
}

/** https://docs.docker.com/engine/logging/configure/#supported-logging-drivers */
const DRIVERS: readonly string[] = [
  ...['awslogs', 'etwlogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'none', 'splunk', 'syslog'],
];

/** Any other word may be a plugin of the host, such as `loki` or `syslog-ng`; one that is nearly a driver is none. */
function loggingFaults({ logging }: ServiceModel): readonly ValueFault[] {
  const driver = logging?.driver;
  if (!driver || DRIVERS.includes(driver)) return [];
  const near = nearest(driver, DRIVERS);
  if (near === undefined || Math.abs(near.length - driver.length) > 1) return [];
  const fault = `Docker has no logging driver \`${driver}\`, unless a plugin of this name is on the host`;
  return [{ path: ['logging', 'driver'], value: driver, fault, remedy: suggestion(driver, DRIVERS) }];
}
