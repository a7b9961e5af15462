import { errorRule, fixedRule, type Rules, warningRule } from '@gitops/core';

/** What only the host can say of a project. */
export const PREFLIGHT_RULES = {
  'host/disk': warningRule('A disk of the host is almost full'),
  'host/external-missing': errorRule('A network or volume that is said to exist does not'),
  'host/image-missing': warningRule('An image is neither on the host nor in its registry'),
  'host/image-not-loaded': fixedRule('An image that a deployment must not pull is not on the host'),
  'host/path-missing': warningRule('A path of the host that a container mounts does not exist'),
  'host/port-in-use': warningRule('A port of the host is held by something that publishes no port'),
  'host/registry-silent': warningRule('A registry could not be asked for an image'),
  'host/remote-engine': warningRule('The Docker of the host is that of another machine'),
  'host/state-unwritable': fixedRule('The folder for state can be neither written nor made'),
} as const satisfies Rules;
