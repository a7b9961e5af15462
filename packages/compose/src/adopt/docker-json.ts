import * as v from 'valibot';

// Docker leaves out or writes null for what is not set, differently in each version.

export const text = v.nullish(v.string(), '');
export const count = v.nullish(v.number(), 0);
export const flag = v.nullish(v.boolean(), false);
export const texts = v.nullish(v.array(v.string()), []);
export const textMap = v.nullish(v.record(v.string(), v.string()), {});
/** Docker writes sets as maps of empty objects. */
export const names = v.nullish(v.record(v.string(), v.unknown()), {});
