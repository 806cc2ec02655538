import { describeDriftTickets } from '../../contract/drift-tickets.contract.ts';
import { createMemoryDriftTickets } from '../../fakes/memory-drift-tickets.ts';

describeDriftTickets('drift tickets in memory', createMemoryDriftTickets);
