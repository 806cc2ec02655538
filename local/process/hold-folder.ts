import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process has the data folder open. */
export class DataFolderInUse extends Error {
  override name = 'DataFolderInUse';
  readonly code = 'data-folder-in-use';

  constructor(folder: string, cause: unknown) {
    super(`The data folder ${folder} is in use by another process.`, { cause });
  }
}

/**
 * Keeps a folder for this process, and answers how to let it go. SQLite's lock does it, because the operating system frees
 * that one with the process, however it ends.
 */
export function holdFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (cause) {
    lock.close();
    throw new DataFolderInUse(folder, cause);
  }
}
