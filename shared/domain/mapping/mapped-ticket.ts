import type { MappingFault } from './mapping-fault.ts';

/** A ticket as the source's mapping reads it. */
export type MappedTicket =
  | {
      kind: 'mapped';
      /**
       * Raw changes of the contract; each has been parsed once without a fault. Keys are `<ticket>/<line>`, lines
       * counted from 1 in the ticket's order, unless the payload or a row supplied one; `ticket` holds id and
       * requester.
       */
      changes: Record<string, unknown>[];
      ticket: { id: string; requestedBy?: string };
      /** The values read, before any transform, by the path as the mapping writes it. */
      mapped: ReadonlyMap<string, unknown>;
    }
  | { kind: 'faults'; faults: MappingFault[] };
