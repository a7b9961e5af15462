const LABS_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let taken = 0;

/** Does what needs a lab when one of few places is free: more of them at once would only measure how busy this machine is. */
export async function withSlot<Value>(work: () => Promise<Value>): Promise<Value> {
  if (taken === LABS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else taken++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else taken--;
  }
}
