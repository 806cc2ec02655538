/** The word that people read for an outcome. Stored data and JSON call one of them `superseded`. */
export const outcomeWord = (kind: string): string => (kind === 'superseded' ? 'replaced' : kind);
