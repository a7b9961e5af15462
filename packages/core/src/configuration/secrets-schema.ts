import * as v from 'valibot';
import { closedObject } from './closed-object.ts';
import { text } from './scalars.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS = /^[1-9]\d{0,3}d$/;
const daysRemedy = 'write a whole number of days: `180d` (9999d at most)';

/** What the rules about secrets go by, for all environments. */
export const secretsSchema = closedObject({
  sharedRecipients: v.optional(
    v.pipe(
      v.array(
        v.pipe(text, v.regex(/^age1[a-z0-9]+$/, 'write the public key, which begins with `age1`')),
        'write a list of public keys: `- age1…`',
      ),
      v.description('public keys of age that may open several environments: that of a backup, or of an administrator'),
    ),
    [],
  ),
  rotateAfter: v.optional(
    v.pipe(
      v.string(daysRemedy),
      v.regex(DAYS, daysRemedy),
      v.description('how old secrets may grow before they are to be changed, e.g. `180d`; default: `365d`'),
      v.transform((days) => Number.parseInt(days, 10) * DAY_MS),
    ),
    '365d',
  ),
});

/** Where `gitops.yml` says nothing of secrets. */
export const SECRET_DEFAULTS: v.InferOutput<typeof secretsSchema> = v.parse(secretsSchema, {});
