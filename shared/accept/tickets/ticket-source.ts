import { type ApprovalConfiguration, type Gate, gateOf } from '../../domain/approval/approval-schema.ts';
import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import type { Mapping } from '../../domain/mapping/mapping-schema.ts';

/** A source whose deliveries are tickets. `gate` tells which tickets are approved, `mapping` which changes they ask for. */
export type TicketSource = {
  name: string;
  source: SourceConfiguration;
  mapping: Mapping;
  approval: ApprovalConfiguration;
  gate: Gate;
};

/** undefined: its deliveries are changes. The configuration holds both mapping and approval or neither. */
export function ticketSourceOf(name: string, source: SourceConfiguration): TicketSource | undefined {
  const { mapping, approval } = source;
  const gate = approval && gateOf(approval);
  if (mapping === undefined || approval === undefined || gate === undefined) return undefined;
  return { name, source, mapping, approval, gate };
}
