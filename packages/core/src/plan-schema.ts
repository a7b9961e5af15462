import * as v from 'valibot';
import type { Plan } from './model.ts';

const FieldDifference = v.strictObject({
  field: v.string(),
  before: v.exactOptional(v.string()),
  after: v.exactOptional(v.string()),
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
  fields: v.array(FieldDifference),
  risk: v.picklist(['none', 'interrupts', 'blocked']),
  imageBefore: v.exactOptional(v.string()),
  imageAfter: v.exactOptional(v.string()),
});

/** A whole plan, as it is read back from a host. */
export const PlanSchema: v.GenericSchema<unknown, Plan> = v.object({
  changes: v.array(ChangeSchema),
  hash: v.string(),
  warnings: v.array(v.string()),
});
