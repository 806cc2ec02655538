import * as z from 'zod';
import { toServiceNowJournal } from '../../domain/text/servicenow-journal.ts';
import type { TicketOpener } from '../../ports/ticket-system.ts';
import type { ApiCaller } from '../http/caller.ts';
import { unexpectedAnswer } from '../http/send-ticket-request.ts';
import { TicketError } from '../http/ticket-error.ts';
import { requireMarker } from '../http/ticket-id.ts';
import { listRecords, tablePath } from './servicenow-list.ts';
import { plainValue } from './servicenow-records.ts';

const created = z.looseObject({ result: z.looseObject({ number: z.string().min(1) }) });

/** Creates the opener of ServiceNow tickets. The marker is `correlation_id`, by which a repetition finds the ticket. */
export function createServiceNowOpener(call: ApiCaller): TicketOpener {
  return {
    async open({ title, text, fields, table, marker }) {
      if (table === undefined)
        throw new TicketError('ticket-id', 'The configuration names no table to file tickets in.');
      const correlation = requireMarker(marker);
      const known = await findTicket(call, table, correlation);
      if (known !== undefined) return known;
      const body = {
        ...fields,
        short_description: title,
        description: toServiceNowJournal(text),
        correlation_id: correlation,
      };
      const answer = await call({
        method: 'POST',
        path: tablePath(table),
        query: { sysparm_display_value: 'false', sysparm_fields: 'number' },
        body,
      });
      // A hibernating instance answers with a page and stores nothing.
      const parsed = created.safeParse(answer.json);
      if (answer.status !== 201 || !parsed.success) throw unexpectedAnswer('ServiceNow ticket', answer);
      return parsed.data.result.number;
    },
  };
}

/** A record that is found and not shown with its marker may be the ticket, so none is filed beside it. */
async function findTicket(call: ApiCaller, table: string, correlation: string): Promise<string | undefined> {
  const query = { table, query: `correlation_id=${correlation}`, columns: ['number', 'correlation_id'] };
  const { records, total = 0 } = await listRecords(call, { ...query, displayValue: 'false', limit: 1 });
  const [known] = records;
  if (known === undefined && total === 0) return undefined;
  const number = known === undefined ? '' : plainValue(known, 'number');
  if (known !== undefined && number !== '' && plainValue(known, 'correlation_id') === correlation) return number;
  const message = `The integration user cannot see ${table}.number and ${table}.correlation_id of the tickets it files.`;
  throw new TicketError('tickets-refused', message);
}
