import type { MappingTable } from '../table/table-schema.ts';

/**
 * Our own JSON, one change or `{"changes": […]}`, as a table: for senders that write it, and whose configuration states
 * or overrides a field. What a change holds beside the contract's fields is refused, as ever.
 */
export const OWN_JSON: MappingTable = {
  each: { from: ['changes', '$payload'] },
  rows: {
    ticket: { from: ['ticket.id', 'changes[0].ticket.id'], to: 'ticket' },
    'requested by': { from: ['ticket.requestedBy', 'changes[0].ticket.requestedBy'], to: 'requestedBy' },
    change: { from: '$line', to: 'change' },
  },
};
