import type { SourceConfiguration } from '../../../../../shared/domain/configuration/configuration.ts';
import type { BareContext } from '../../../session/command.ts';
import { testTicketOf } from './test-ticket.ts';

/** Says how to make the test ticket, and asks for its number; empty: nobody answers now. */
export async function askTicket(
  { terminal }: BareContext,
  ticket: string | undefined,
  source: SourceConfiguration,
): Promise<string> {
  const test = testTicketOf(source);
  if (ticket !== undefined) return ticket.trim();
  terminal.say('');
  terminal.say(terminal.colours.bold('A test ticket, which cannot change anything'));
  for (const [index, step] of test.steps.entries()) terminal.say(`   ${index + 1}. ${step}`);
  // A line that is wrapped could not be copied.
  if (test.body !== undefined && !terminal.json) terminal.raw(`\n${test.body}\n\n`);
  const answer = await terminal.ask({
    message: `${test.ask} (empty: go on later)`,
    preset: '',
    fault: () => undefined,
  });
  return (answer ?? '').trim();
}
