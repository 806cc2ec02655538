import { ledgerContract } from '../../contract/ledger.contract.ts';
import { ledgerLifeContract } from '../../contract/ledger-life.contract.ts';
import { ledgerValuesContract } from '../../contract/ledger-values.contract.ts';
import { ticketChangesContract } from '../../contract/ticket-changes.contract.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';

const open = async () => ({ ledger: createMemoryLedger(), close: async () => {} });

ledgerContract('in memory', open);
ledgerLifeContract('in memory', open);
ticketChangesContract('in memory', open);
ledgerValuesContract('in memory', open);
