import type { Command } from 'commander';
import { type RequestedChange, readChanges } from '../../../../shared/accept/changes/read-changes.ts';
import { ticketSourceOf } from '../../../../shared/accept/tickets/ticket-source.ts';
import { judgeTicket } from '../../../../shared/domain/approval/judge-ticket.ts';
import type { Configuration, SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { mapTicket } from '../../../../shared/domain/mapping/map-ticket.ts';
import type { MappedTicket } from '../../../../shared/domain/mapping/mapped-ticket.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { parseStrictJson } from '../../../../shared/domain/text/strict-json.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { createEvaluate } from '../../../../shared/runtime/jsonata-evaluate.ts';
import { parseSettings } from '../../../../shared/settings/parse-settings.ts';
import { describeRequest } from '../../output/describe-request.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import { chooseSource, readFileOrInput } from '../../session/choose.ts';
import type { BareCommand, BareContext, BindBareCommand } from '../../session/command.ts';
import { loadTargetSettings } from '../../session/settings.ts';

const HELP = `
Works offline: maps the payload with the source's mapping, validates the result, checks
the source's grants, and shows which changes would be queued and how the approval gate
judges the payload. Exit code 2 if the payload has a fault.
Examples:
  zpa-changes sources test servicenow payload.json
  zpa-changes sources test servicenow payload.json --settings settings.json`;

/** Adds the command `sources test`. */
export function addSourcesTest(sources: Command, bind: BindBareCommand): void {
  sources
    .command('test')
    .summary('show which changes a payload would queue')
    .description('Maps a payload as the webhook of this source does, and shows the changes or the faults.')
    .argument('<source>', 'name of the source in the settings')
    .argument('<file>', 'payload of the ticket system as JSON, or - for stdin')
    .option('--settings <file>', 'settings file to use instead of the pushed settings')
    .addHelpText('after', HELP)
    .action(bind(test));
}

type Options = { settings?: string };
type ShownFault = { sentence: string; remedy: string; source?: string; row?: string; path: string; value?: string };

const test: BareCommand<Options> = async (context, options, name = '', file = '-') => {
  const { terminal, processContext } = context;
  const configuration = await chooseSettings(context, options.settings);
  const source = chooseSource(configuration, name);
  const json = parseStrictJson(await readFileOrInput(file, processContext));
  if (!json.ok) throw new OpsError(EXIT.usage, 'not-json', json.sentence, 'Give it what the ticket system sends.');
  const mapped = await mapPayload(name, source, json.value);
  const read =
    mapped?.kind === 'faults'
      ? { faults: mapped.faults }
      : readChanges(configuration, name, source, mapped === undefined ? json.value : { changes: mapped.changes });
  const gate = gateLine(name, source, json.value);
  if (gate !== undefined) terminal.say(gate);
  if ('faults' in read) {
    showFaults(terminal, read.faults);
    terminal.document({ source: name, gate, faults: read.faults });
    return EXIT.usage;
  }
  showChanges(terminal, read.changes);
  terminal.document({
    source: name,
    gate,
    ticket: mapped?.kind === 'mapped' ? mapped.ticket : undefined,
    changes: read.changes.map(({ change, ticket }) => ({ ...change, ticket })),
  });
  return EXIT.ok;
};

/** The settings of the file, or those of the target; the stack's name plays no part. */
async function chooseSettings(context: BareContext, file: string | undefined): Promise<Configuration> {
  const { findTarget, processContext } = context;
  if (file === undefined) return loadTargetSettings(findTarget(), processContext.env);
  const { settings } = parseSettings(await readFileOrInput(file, processContext), file);
  return { ...settings, name: 'not-pushed' };
}

/** Maps the payload; undefined if the source sends our own JSON and has no mapping. */
async function mapPayload(
  name: string,
  { mapping }: SourceConfiguration,
  payload: unknown,
): Promise<MappedTicket | undefined> {
  if (mapping === undefined) return undefined;
  return mapTicket(mapping, payload, { source: name, evaluate: createEvaluate() });
}

/** Describes how the approval gate judges the payload's own fields; undefined if the source has no gate. */
function gateLine(name: string, source: SourceConfiguration, payload: unknown): string | undefined {
  const tickets = ticketSourceOf(name, source);
  if (tickets === undefined) return undefined;
  const verdict = judgeTicket(tickets.gate, payload, tickets.approval.integrationUser);
  if (verdict.kind === 'ignored') return `Gate: ignored (${verdict.reason}): ${visible(verdict.says, 500)}.`;
  const wording: Record<typeof verdict.kind, string> = {
    approved: 'approved; each key ends in "@" and the approval it is accepted with',
    submitted: 'submitted; a plan would be put on the ticket, and nothing is queued before it is approved',
    unclear: 'not decided by this payload: fields that the gate needs are missing; the ticket would be read back',
    withdrawn: 'withdrawn; changes that have not started would be cancelled',
  };
  return `Gate: ticket ${visible(verdict.ticketId)} is ${wording[verdict.kind]}.`;
}

function showChanges(terminal: Terminal, changes: readonly RequestedChange[]): void {
  terminal.table(
    ['change', 'tenant', 'request', 'not before', 'not after'],
    changes.map(({ change, ref }) => [
      ref.idempotencyKey,
      change.tenant,
      describeRequest(change),
      change.notBefore ?? '',
      change.notAfter ?? '',
    ]),
  );
}

function showFaults(terminal: Terminal, faults: readonly ShownFault[]): void {
  const { colours } = terminal;
  for (const { sentence, remedy } of faults) {
    terminal.say(`${colours.red('✗')} ${visible(asSentence(sentence), 1000)}`);
    terminal.say(`    ${colours.dim(visible(asSentence(remedy), 1000))}`);
  }
}
