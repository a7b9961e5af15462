import * as v from 'valibot';
import { closedObject } from './closed-object.ts';
import { text } from './scalars.ts';

/** A registry as the first part of an image name writes it: with a dot or a port, or `localhost`. */
const HOST = /^(?=.*[.:]|localhost$)(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[1-9]\d{0,4})?$/;
const HOST_REMEDY =
  'write it as image names do, with its port and without `https://` or a path: `ghcr.io`, `registry.example.com:5000`';

/** Names that Docker Hub has elsewhere. */
const HUB = /^(?:index\.docker\.io|registry-1\.docker\.io|hub\.docker\.com)$/;

/** Nothing but one variable, without a default: a default would be a password in git. */
const VARIABLE = /^\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})$/;
const PASSWORD_REMEDY =
  'is no variable, and what is written here is in git for all to read → write one variable of a `.env` and nothing else, e.g. `$REGISTRY_TOKEN`; if a real password was committed, change it';

/** A registry that images are pulled from with a login. */
export const registrySchema = closedObject({
  host: v.pipe(
    text,
    v.regex(HOST, HOST_REMEDY),
    v.check((host) => !HUB.test(host), 'write `docker.io` for Docker Hub'),
    v.description('the registry as image names write it, e.g. `ghcr.io`; `docker.io` for Docker Hub'),
  ),
  username: v.pipe(
    text,
    v.nonEmpty('write the user name; it may be a variable'),
    v.description('the user name; variables of the `.env` files of the stacks are filled in, `$$` is a dollar sign'),
  ),
  password: v.pipe(
    v.string(PASSWORD_REMEDY),
    v.regex(VARIABLE, PASSWORD_REMEDY),
    v.description('a variable of the `.env` of a stack, e.g. `$GHCR_TOKEN`; never the password itself'),
  ),
});
