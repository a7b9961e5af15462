export { type AdoptInput, adoptStacks } from './adoption.ts';
export { type FileSet, type HandMade, readHandMade } from './hand-made.ts';
export { type RanImage, type ReleaseZero, releaseZero } from './release-zero.ts';
export { type WritableBind, writableBinds } from './writable-binds.ts';
