import type { Lane } from '../domain/lane/change-ref.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { UnreadableRecord } from './ports.ts';

export type ChangeList = {
  /**
   * Every change of a lane that the ledger still keeps, by source, tenant and key. It reads the whole lane, a page at a time, because
   * no index has the settled ones by time. Rejects for a record that cannot be read, unless `onUnreadable` takes it.
   */
  listChanges(lane: Lane, onUnreadable?: (one: UnreadableRecord) => void): AsyncIterable<ChangeRecord>;
};
