/** Everything that the engine needs of the world, as interfaces. */
export type * from './ports/approval.ts';
export type * from './ports/declared.ts';
export type * from './ports/history.ts';
export type * from './ports/provider.ts';
export type * from './ports/recorded.ts';
export type * from './ports/session.ts';
export type * from './ports/surroundings.ts';
