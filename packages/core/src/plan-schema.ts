import * as v from 'valibot';
import type { Plan } from './model.ts';

const FieldDifference = v.strictObject({
  field: v.string(),
  before: v.exactOptional(v.string()),
  after: v.exactOptional(v.string()),
});

const HostMount = v.strictObject({
  source: v.string(),
  target: v.string(),
  readOnly: v.boolean(),
  isNew: v.boolean(),
});

/** A change of a plan, as `result.json` has it and as it is read back from a host. */
export const ChangeSchema = v.strictObject({
  address: v.string(),
  target: v.exactOptional(v.string()),
  stack: v.string(),
  subject: v.string(),
  kind: v.picklist(['service', 'network', 'volume']),
  name: v.string(),
  action: v.picklist(['create', 'update', 'recreate', 'restart', 'reload', 'delete', 'none']),
  cause: v.string(),
  origin: v.exactOptional(v.picklist(['change', 'drift', 'both'])),
  drift: v.exactOptional(v.string()),
  fields: v.array(FieldDifference),
  risk: v.picklist(['none', 'interrupts', 'blocked']),
  remedy: v.exactOptional(v.string()),
  warnings: v.exactOptional(v.array(v.string())),
  imageBefore: v.exactOptional(v.string()),
  imageAfter: v.exactOptional(v.string()),
  digestBefore: v.exactOptional(v.string()),
  digestAfter: v.exactOptional(v.string()),
  isPulled: v.exactOptional(v.boolean()),
  hostMounts: v.exactOptional(v.array(HostMount)),
});

/** A whole plan, as it is read back from a host. */
export const PlanSchema: v.GenericSchema<unknown, Plan> = v.object({
  changes: v.array(ChangeSchema),
  hash: v.string(),
  warnings: v.array(v.string()),
});
