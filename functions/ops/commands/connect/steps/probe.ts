import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import { parseJson } from '../../../../../shared/domain/text/parse-json.ts';
import { type Finding, ok, skipped, unknown, wrong } from '../../../checks/finding.ts';
import { isPassing } from '../../../checks/webhook.ts';

/**
 * The body of a delivery that can change nothing: it names a ticket that cannot be there, or none where tickets are not read back.
 * The webhook's answer tells whether it can be reached, takes the secret, and lets its function read the ticket system.
 */
export function probeBody({ tickets }: SourceConfiguration): string {
  // Where a repeated body is refused, each probe is another one.
  const probe = { connect: randomUUID() };
  if (tickets?.kind === 'servicenow') {
    return JSON.stringify({ ticket: `${Object.keys(tickets.tables)[0] ?? 'CHG'}0000000`, ...probe });
  }
  if (tickets?.kind === 'jira')
    return JSON.stringify({ ticket: `${tickets.projects[0] ?? 'ZPA'}-999999999`, ...probe });
  return JSON.stringify(probe);
}

const answered = z.object({ code: z.string().optional(), detail: z.string().optional() });

/** Judges the webhook's answer to a signed probe. */
export function judgeProbe(status: number, text: string, isReadBack: boolean, short: string): Finding {
  const { code, detail = '' } = answered.safeParse(parseJson(text)).data ?? {};
  if (status < 300) {
    return ok(`takes deliveries with this secret${isReadBack ? ', and its function reads the ticket system' : ''}`);
  }
  if (status === 404)
    return unknown('does not know this source yet', 'Functions use new settings within half a minute.');
  if (code === 'address-not-allowed') return skipped('not tried: "allowedCidrs" does not name this machine');
  if (status === 401) {
    return unknown(`refused the secret: ${detail}`, 'A secret that was just replaced is in use within three minutes.');
  }
  if (status === 503 && detail.includes('not set up')) {
    return wrong('cannot use the secret of the source', `Store it again: zpa-changes secrets set source/${short}.`);
  }
  const readBack = NOT_READ_BACK.exec(detail);
  if (readBack !== null) return judgeReadBack(readBack[1]);
  if (isPassing(status)) return unknown(`answered ${status}${detail === '' ? '' : `: ${detail}`}`, PASSING);
  return wrong(`answered ${status}${detail === '' ? '' : `: ${detail}`}`, 'zpa-changes doctor checks the target.');
}

/** The answer of a function that reached the ticket system in vain, with the code of the error. */
const NOT_READ_BACK = /^The ticket could not be read back(?: \(([\w-]+)\))?\./;

/** Codes that only the settings or a secret can end; any other is of a ticket system or a function that is slow. */
const LASTING = ['tickets-refused', 'tickets-secret', 'tickets-address', 'tickets-malformed', 'secret-missing'];

function judgeReadBack(code: string | undefined): Finding {
  const says = `its function could not read the ticket system${code === undefined ? '' : ` (${code})`}`;
  const why = 'The step "ticket" says why, if it fails too.';
  if (code === undefined || !LASTING.includes(code)) return unknown(says, `${why} ${PASSING}`);
  return wrong(says, `${why} A password that was just replaced is in use in three minutes.`);
}

const PASSING =
  'A function that starts, or is slow, may answer so: try again in a minute. If it stays, zpa-changes doctor.';
