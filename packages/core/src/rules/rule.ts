/** A rule that a deployment goes by anyway, so nobody can lower its level. */
export function fixedRule(says: string): { readonly level: 'error'; readonly says: string; readonly isFixed: true } {
  return { level: 'error', says, isFixed: true };
}

export function errorRule(says: string): { readonly level: 'error'; readonly says: string } {
  return { level: 'error', says };
}

export function warningRule(says: string): { readonly level: 'warning'; readonly says: string } {
  return { level: 'warning', says };
}

export function infoRule(says: string): { readonly level: 'info'; readonly says: string } {
  return { level: 'info', says };
}
