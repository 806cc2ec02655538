import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { holdFolder } from '../process/hold-folder.ts';
import type { LoggedCall } from './call-log.ts';
import { type Effect, KINDS } from './tenant/documents.ts';
import type { Counters, WorldSnapshot } from './tenant/store.ts';

/** The data that outlives the process: the world, the calls that wrote, and how often tokens were expired. */
export type JournalState = { world: WorldSnapshot; calls: LoggedCall[]; tokenEpoch: number };

/**
 * A folder with `world.json` (everything up to the last start) and `journal.jsonl` (a line per write since). A line is
 * one `write(2)` before the answer is sent, so it survives SIGKILL; not power loss. At each start the journal is folded
 * into a new `world.json`. Folding twice changes nothing, so a crash between the two files is harmless.
 */
export type Journal = {
  commit(line: JournalLine): void;
  /** Everything anew (reset, restore). */
  replace(restored: JournalState): void;
  close(): void;
};

export type JournalLine = { effects: readonly Effect[]; counters: Counters; call?: LoggedCall; tokenEpoch?: number };

export const noJournal: Journal = { commit: () => {}, replace: () => {}, close: () => {} };

/** Throws `DataFolderInUse` before it touches what another process writes. */
export function openJournal(folder: string, first: () => JournalState): { journal: Journal; restored: JournalState } {
  const letGo = holdFolder(folder);
  const worldFile = join(folder, 'world.json');
  const journalFile = join(folder, 'journal.jsonl');
  const restored: JournalState = existsSync(worldFile) ? JSON.parse(readFileSync(worldFile, 'utf8')) : first();
  for (const line of readLines(journalFile)) fold(restored, line);
  let handle: number | undefined;
  const replace = (next: JournalState): void => {
    const draft = `${worldFile}.new`;
    writeFileSync(draft, JSON.stringify(next), { mode: 0o600 });
    renameSync(draft, worldFile);
    if (handle !== undefined) closeSync(handle);
    handle = openSync(journalFile, 'w', 0o600);
  };
  replace(restored);
  return {
    restored,
    journal: {
      commit: (line) => {
        if (handle !== undefined) writeSync(handle, `${JSON.stringify(line)}\n`);
      },
      replace,
      close: () => {
        if (handle !== undefined) closeSync(handle);
        handle = undefined;
        letGo();
      },
    },
  };
}

/** A last line cut short belongs to a call that was never answered: it is left out. */
function readLines(file: string): JournalLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line): JournalLine => JSON.parse(line));
}

function fold(restored: JournalState, { effects, counters, call, tokenEpoch }: JournalLine): void {
  restored.world.counters = counters;
  if (tokenEpoch !== undefined) restored.tokenEpoch = tokenEpoch;
  if (call !== undefined && !restored.calls.some(({ sequence }) => sequence === call.sequence))
    restored.calls.push(call);
  for (const { customerId, kind, id, after } of effects) {
    const documents = restored.world.customers[customerId];
    if (documents === undefined) continue;
    for (const each of KINDS) {
      if (each !== kind) continue;
      const list: { id: string }[] = documents[each];
      const place = list.findIndex((one) => one.id === id);
      if (after === undefined) list.splice(place === -1 ? list.length : place, 1);
      else if (place === -1) list.push(after);
      else list[place] = after;
    }
  }
}
