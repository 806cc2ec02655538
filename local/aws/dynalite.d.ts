/** The used part of dynalite, which brings no types of its own. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options: { path?: string; createTableMs?: number; deleteTableMs?: number }): Server;
  export = dynalite;
}

declare module 'dynalite/db/index.js' {
  namespace db {
    type Item = Record<string, unknown>;
    type IndexAction = { index: string; key: string; item: Item };
    type Table = { TableName: string } & Record<string, unknown>;
    type BatchOperation = { type: 'put'; key: string; value: Item } | { type: 'del'; key: string };
    type Store = { db: { batch(operations: BatchOperation[], done: (error?: Error) => void): void } };
  }
  const db: {
    createKey(item: db.Item, table: db.Table): string;
    getIndexActions(
      indexes: unknown[],
      existing: db.Item | undefined | null,
      item: db.Item | undefined | null,
      table: db.Table,
    ): { puts: db.IndexAction[]; deletes: { index: string; key: string }[] };
    updateIndexes(
      store: db.Store,
      table: db.Table,
      existing: db.Item | undefined | null,
      item: db.Item | undefined | null,
      done: (error?: Error) => void,
    ): void;
  };
  export = db;
}
