import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DataFolderInUse } from '../../process/hold-folder.ts';

/**
 * One SQLite database for queues, topics and secrets. Every request is one synchronous transaction: a process killed at
 * any moment leaves whole requests behind. Commits are not flushed to the disk itself, so power loss may take some.
 */
export type Database = {
  all<Row>(sql: string, ...parameters: SQLInputValue[]): Row[];
  get<Row>(sql: string, ...parameters: SQLInputValue[]): Row | undefined;
  /** Answers how many rows changed. */
  run(sql: string, ...parameters: SQLInputValue[]): number;
  /** All of `work` or nothing; nested calls join the outer one. */
  transaction<T>(work: () => T): T;
  close(): void;
};

const SCHEMA = `
CREATE TABLE IF NOT EXISTS queues (
  name TEXT PRIMARY KEY, attributes TEXT NOT NULL, createdAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL,
  sequence INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS messages (
  place INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  attributes TEXT NOT NULL, traceHeader TEXT, groupId TEXT NOT NULL, deduplicationId TEXT, sequence TEXT,
  sentAt REAL NOT NULL, visibleAt REAL NOT NULL, receiveCount INTEGER NOT NULL DEFAULT 0, firstReceivedAt REAL,
  receipt TEXT, receivedAt REAL, deadLetterSource TEXT);
CREATE INDEX IF NOT EXISTS messagesByPlace ON messages (queue, place);
CREATE INDEX IF NOT EXISTS messagesByGroup ON messages (queue, groupId, place);
CREATE INDEX IF NOT EXISTS messagesInFlight ON messages (queue, groupId, visibleAt);
CREATE INDEX IF NOT EXISTS messagesByTime ON messages (visibleAt);
CREATE INDEX IF NOT EXISTS messagesByAge ON messages (queue, sentAt);
CREATE INDEX IF NOT EXISTS messagesByCount ON messages (queue, receiveCount);
CREATE INDEX IF NOT EXISTS messagesById ON messages (queue, id);
CREATE TABLE IF NOT EXISTS deduplications (
  queue TEXT NOT NULL, scope TEXT NOT NULL, deduplicationId TEXT NOT NULL, messageId TEXT NOT NULL,
  sequence TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (queue, scope, deduplicationId));
CREATE INDEX IF NOT EXISTS deduplicationsByTime ON deduplications (until);
CREATE TABLE IF NOT EXISTS topics (arn TEXT PRIMARY KEY, name TEXT NOT NULL, attributes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS queueSubscriptions (arn TEXT PRIMARY KEY, topic TEXT NOT NULL, queue TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS published (
  place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, topic TEXT NOT NULL, subject TEXT, message TEXT NOT NULL,
  attributes TEXT NOT NULL, publishedAt INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS secrets (
  name TEXT PRIMARY KEY, arn TEXT NOT NULL, tags TEXT NOT NULL, createdAt INTEGER NOT NULL, changedAt INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS secretDeletions (secret TEXT PRIMARY KEY, deletedAt INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS secretVersions (
  secret TEXT NOT NULL, id TEXT NOT NULL, text TEXT, stages TEXT NOT NULL, createdAt INTEGER NOT NULL,
  PRIMARY KEY (secret, id));
`;

/** Opens `<folder>/aws.sqlite` for this process alone, or a database in memory. */
export function openDatabase(folder?: string): Database {
  const sqlite = folder === undefined ? new DatabaseSync(':memory:') : openFile(folder);
  sqlite.exec(SCHEMA);
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = sqlite.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  return {
    // The rows' shape is fixed by the schema above: this is its parsing edge.
    all: <Row>(sql: string, ...parameters: SQLInputValue[]) => statement(sql).all(...parameters) as Row[],
    get: <Row>(sql: string, ...parameters: SQLInputValue[]) => statement(sql).get(...parameters) as Row | undefined,
    run: (sql, ...parameters) => Number(statement(sql).run(...parameters).changes),
    transaction: (work) => inTransaction(sqlite, work),
    close: () => sqlite.close(),
  };
}

function inTransaction<T>(sqlite: DatabaseSync, work: () => T): T {
  if (sqlite.isTransaction) return work();
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    sqlite.exec('ROLLBACK');
    throw error;
  }
}

function openFile(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const sqlite = new DatabaseSync(join(folder, 'aws.sqlite'));
  try {
    sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    sqlite.exec('BEGIN EXCLUSIVE; COMMIT;');
    return sqlite;
  } catch (cause) {
    sqlite.close();
    throw new DataFolderInUse(folder, cause);
  }
}
