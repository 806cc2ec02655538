import * as z from 'zod';
import type { ServiceNowConfiguration } from '../../domain/configuration/tickets-schema.ts';
import { toServiceNowJournal } from '../../domain/text/servicenow-journal.ts';
import type { TicketWriter, Transitioned } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { refusalWords } from '../http/refusal-words.ts';
import { shortReason, type TicketAnswer, unexpectedAnswer } from '../http/send-ticket-request.ts';
import { requireMarker } from '../http/ticket-id.ts';
import { requireWhole, tablePath } from './servicenow-list.ts';
import { findRecord } from './servicenow-read.ts';

const column = z.looseObject({ value: z.string(), display_value: z.string().nullable() });
const written = z.object({ result: z.looseObject({ sys_id: column }) });
const updated = z.object({ result: z.looseObject({ state: column }) });

/** Creates the writer that comments on ServiceNow tickets and transitions them. */
export function createServiceNowWriter(tickets: ServiceNowConfiguration, call: ApiCaller): TicketWriter {
  return {
    async comment(id, text, marker, former = []) {
      const { journal } = tickets;
      const found = await findRecord(tickets, call, id, ['sys_id', 'number', journal]);
      if (found === undefined) return 'no-ticket';
      // The display value of a journal contains all its entries (ServiceNow, KB0534905).
      const journalSoFar = column.safeParse(found.record[journal]);
      const said = journalSoFar.data?.display_value ?? '';
      if ([marker, ...former].some((one) => said.includes(requireMarker(one)))) return 'already';
      const entry = `${toServiceNowJournal(text)}\n\n${requireMarker(marker)}`;
      const answer = await update(call, found, { [journal]: entry });
      // A hibernating instance answers 200 with a page and stores nothing; only the answered record shows a write.
      if (answer.status !== 200 || !written.safeParse(answer.json).success) {
        throw unexpectedAnswer('ServiceNow comment', answer);
      }
      return 'said';
    },
    async transition(id, to, fields) {
      const found = await findRecord(tickets, call, id, ['sys_id', 'number', 'state']);
      if (found === undefined) return { result: 'refused', reason: 'there is no such ticket' };
      const now = column.safeParse(found.record.state);
      if (now.success && isState(now.data, to)) return { result: 'done' };
      return judgeTransition(await update(call, found, { ...fields, state: to }), to);
    },
  };
}

type FoundRecord = NonNullable<Awaited<ReturnType<typeof findRecord>>>;

const sysIdOf = ({ record }: FoundRecord) => column.parse(record.sys_id).value;

async function update(
  call: ApiCaller,
  found: FoundRecord,
  body: Readonly<Record<string, unknown>>,
): Promise<TicketAnswer> {
  const query = { sysparm_display_value: 'all', sysparm_fields: 'sys_id,number,state' };
  const answer = await call({ method: 'PATCH', path: tablePath(found.table, sysIdOf(found)), query, body });
  requireWhole('ServiceNow update', answer);
  return answer;
}

/**
 * ServiceNow answers 403 if an ACL, a data policy or a business rule refuses (IBM and ServiceNow list the same codes),
 * and 200 even if a rule has reset the old state. Therefore the state in the answered record decides.
 */
function judgeTransition(answer: TicketAnswer, to: string): Transitioned {
  if (answer.status === 200) {
    const parsed = updated.safeParse(answer.json);
    if (!parsed.success) throw unexpectedAnswer('ServiceNow transition', answer);
    const { state } = parsed.data.result;
    if (isState(state, to)) return { result: 'done' };
    return { result: 'refused', reason: shortReason([`the state stayed ${state.display_value ?? state.value}`]) };
  }
  // A page in place of an error comes from a proxy or a gateway, not from ServiceNow's rules.
  if (answer.json === undefined) throw unexpectedAnswer('ServiceNow transition', answer);
  return { result: 'refused', reason: shortReason([`HTTP ${answer.status}`, ...refusalWords(answer.json)]) };
}

/** The configuration may name a state by its value or by its display value. */
const isState = (state: z.output<typeof column>, to: string) => state.value === to || state.display_value === to;
