import type { AuditWriter } from '../../shared/ports/audit-trail.ts';
import type { Ledger, Log, Meter } from '../../shared/ports/ports.ts';

export type AuditPorts = { ledger: Pick<Ledger, 'readChange'>; trail: AuditWriter; log: Log; meter: Meter };
