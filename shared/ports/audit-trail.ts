/** Adds to the audit trail. Nothing that is there is replaced: a second line under a key is refused as `present`. */
export type AuditWriter = { put(key: string, text: string): Promise<'written' | 'present'> };

/** Reads the audit trail. */
export type AuditReader = {
  /** The keys below a prefix from the day `from` to the day `to`, both included, in order. Days as in `dayOf`. */
  keys(prefix: string, days: { from: string; to: string }): AsyncIterable<string>;
  /** The text under a key; undefined: there is none. */
  read(key: string): Promise<string | undefined>;
};
