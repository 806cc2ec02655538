/**
 * What the ledger holds. Each record is one DynamoDB item, written whole and only if `version` is still what was read
 * (single-item conditional writes). Instants are epoch milliseconds.
 */
export type Versioned = { version: number };
