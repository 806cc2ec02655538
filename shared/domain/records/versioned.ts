/**
 * A record of the ledger. Each is one DynamoDB item, written whole and only if its `version` is still the one that was
 * read. Instants are epoch milliseconds.
 */
export type Versioned = { version: number };
