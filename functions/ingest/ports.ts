import type { Configuration } from '../../shared/domain/configuration.ts';
import type { Timing } from '../../shared/domain/timing.ts';
import type { WebhookHeaders } from '../../shared/domain/webhook-signature.ts';
import type { Chance, ChangeQueue, Clock, Ledger, Log, Meter, SecretReader } from '../../shared/ports.ts';

/** What ingest needs of the ledger; all it settles is what a source asks back. */
export type IngestLedger = Pick<
  Ledger,
  'takeSequences' | 'lastSequence' | 'readChange' | 'writeChange' | 'openChanges' | 'putStatusLink' | 'readLane'
>;

export type Ingest = {
  configuration: Configuration;
  timing: Pick<Timing, 'statusKeptMs'>;
  ledger: IngestLedger;
  queue: ChangeQueue;
  secrets: SecretReader;
  clock: Pick<Clock, 'now'>;
  chance: Pick<Chance, 'id'>;
  log: Log;
  meter: Meter;
};

/** One HTTP attempt by a source, as far as it matters; nothing in it is trusted. */
export type Delivery = {
  method: string;
  /** From the path. */
  source: string;
  contentType: string | undefined;
  /** undefined: not all three are there. */
  signature: WebhookHeaders | undefined;
  /** As sent. */
  body: Uint8Array;
  /** Where status links begin: `https://host`. */
  publicUrl: string;
};
