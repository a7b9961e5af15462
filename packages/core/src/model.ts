/** The vocabulary of the project as plain data. Nothing here does anything. */
export type * from './model/base-difference.ts';
export type * from './model/desired.ts';
export type * from './model/environment.ts';
export type * from './model/finding.ts';
export type * from './model/live.ts';
export type * from './model/plan.ts';
export type * from './model/release.ts';
export type * from './model/transaction.ts';
