import type { Rules } from '@gitops/core';

/** What only the host can say of a project. */
export const PREFLIGHT_RULES = {
  'host/disk': { level: 'warning', says: 'A disk of the host is almost full' },
  'host/external-missing': { level: 'error', says: 'A network or volume that is said to exist does not' },
  'host/image-missing': { level: 'warning', says: 'An image is neither on the host nor in its registry' },
  'host/image-not-loaded': {
    level: 'error',
    says: 'An image that a deployment must not pull is not on the host',
    isFixed: true,
  },
  'host/path-missing': { level: 'warning', says: 'A path of the host that a container mounts does not exist' },
  'host/port-in-use': { level: 'warning', says: 'A port of the host is held by something that publishes no port' },
  'host/registry-silent': { level: 'warning', says: 'A registry could not be asked for an image' },
  'host/remote-engine': { level: 'warning', says: 'The Docker of the host is that of another machine' },
  'host/state-unwritable': {
    level: 'error',
    says: 'The folder for state can be neither written nor made',
    isFixed: true,
  },
} as const satisfies Rules;
