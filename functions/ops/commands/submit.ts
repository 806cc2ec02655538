import type { Command } from 'commander';
import { setTicket } from '../../../shared/accept/changes/set-ticket.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import type { SourceConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { type ChangeRef, laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { outcomeLines, stateWord } from '../output/describe-change.ts';
import { describeRecord } from '../output/describe-request.ts';
import { EXIT, type ExitCode, exitOfChanges, OpsError } from '../output/exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import { readChangeFile } from '../session/choose.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../session/command.ts';
import type { OpsSession } from '../session/compose.ts';
import { type Accepted, deliverChanges } from '../session/deliver.ts';

type Options = { wait?: boolean | string; source?: string };

const HELP = `
FILE holds one change, a list of them, or {"changes": [...]}, in JSON or YAML;
"-" reads stdin. For example:
  schemaVersion: 1
  idempotencyKey: CHG0031337/1@APPR0007   # the same key is applied once
  tenant: acme-prod
  action: update
  group: { name: Remote Access }
  applications: { add: [{ name: wiki }] }
Examples:
  zpa-changes submit change.yaml --wait
  zpa-changes submit - --json < changes.json`;

/** Adds the command `submit`. */
export function addSubmit(program: Command, bind: BindCommand): void {
  program
    .command('submit')
    .summary('submit changes to the webhook')
    .description('Sends signed changes to the webhook. The grants of the source decide what is allowed.')
    .argument('<file>', 'file with changes, or - for stdin')
    .option('--wait [seconds]', 'wait for the outcomes (default: 600 seconds)')
    .option('--source <name>', 'send as this source (requires read access to its signing secret)')
    .addHelpText('after', HELP)
    .action(bind(submit));
}

const DEFAULT_WAIT_SECONDS = 600;
const POLL_MS = 500;

const submit: OpsCommand<Options> = async (context, options, file = '-') => {
  const seconds = waitSeconds(options.wait);
  const raw = await readChangeFile(file, context.processContext);
  const source = options.source ?? context.session.target.source;
  checkChanges(raw, lookup(context.session.configuration.sources, source));
  const sent = await deliverChanges(context.session, source, raw, context.signal);
  return await showSent(context, sent, source, seconds);
};

/** Shows what the webhook accepted of this source, and waits for the outcomes for some seconds, if any are given. */
export async function showSent(
  { session, terminal, signal }: CommandContext,
  sent: Accepted,
  source: string,
  seconds: number | undefined,
): Promise<ExitCode> {
  if (seconds !== undefined) return await waitForAll(session, terminal, source, sent, { seconds, signal });
  const rows = sent.map(async (one) => [
    one.idempotencyKey,
    one.tenant,
    await sentState(session, source, one),
    one.statusUrl,
  ]);
  terminal.table(['change', 'tenant', 'state', 'status page'], await Promise.all(rows));
  terminal.document({ changes: sent });
  return EXIT.ok;
}

/** The state that the webhook tells; of a change that ended before, how it ended, as far as the ledger can be read. */
async function sentState(session: OpsSession, source: string, one: Accepted[number]): Promise<string> {
  if (one.state !== 'settled') return one.state ?? 'accepted';
  try {
    const record = await session.ledger.readChange(refOf(session, source, one));
    return record === undefined ? one.state : `already ${stateWord(record)}`;
  } catch {
    // The webhook has the changes: a failure here would tell that they were not sent.
    return one.state;
  }
}

/** The seconds of `--wait [seconds]`; undefined: it is not given. Throws an `OpsError` if they are no number. */
export function waitSeconds(wait: string | boolean | undefined): number | undefined {
  if (wait === undefined || wait === false) return undefined;
  return wait === true ? DEFAULT_WAIT_SECONDS : secondsOf(wait);
}

/** The seconds that `--wait` names. Throws an `OpsError` if they are no number. */
export function secondsOf(wait: string): number {
  const seconds = Number(wait);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new OpsError(EXIT.usage, 'bad-option', `--wait ${wait} is not a number of seconds.`, 'For example: --wait 120');
}

/** Checks the changes as the webhook of their source does, before anything is sent. */
function checkChanges(raw: readonly unknown[], source: SourceConfiguration | undefined): void {
  const faults = raw.flatMap((one, index) => {
    const parsed = parseChange(source === undefined ? one : setTicket(one, source));
    const where = raw.length === 1 ? '' : `change ${index + 1}: `;
    return parsed.ok ? [] : parsed.faults.map((fault) => ({ ...fault, sentence: `${where}${fault.sentence}` }));
  });
  const [first] = faults;
  if (first === undefined) return;
  const one = faults.length === 1;
  const sentences = faults.map(({ sentence, remedy }) => (one ? sentence : `${sentence} ${remedy}`));
  throw new OpsError(EXIT.usage, first.code, sentences.join('\n'), one ? first.remedy : 'Nothing was sent.');
}

type Waiting = { seconds: number; signal: AbortSignal };

async function waitForAll(
  session: OpsSession,
  terminal: Terminal,
  source: string,
  sent: Accepted,
  { seconds, signal }: Waiting,
): Promise<ExitCode> {
  const until = session.clock.now() + seconds * 1000;
  const results: ChangeRecord[] = [];
  for (const one of sent) {
    const record = await waitForChange(session, refOf(session, source, one), until, signal, (state) =>
      terminal.progress(`${visible(one.idempotencyKey)}: ${state}`),
    );
    results.push(record);
    terminal.say(`${terminal.colours.bold(visible(one.idempotencyKey))}  ${visible(describeRecord(record), 400)}`);
    if (record.state !== 'settled' || record.outcome === undefined) {
      terminal.say(`still ${record.state}; see ${one.statusUrl}`);
      continue;
    }
    for (const line of outcomeLines(record.outcome, terminal, record.change)) terminal.say(line);
  }
  terminal.document({
    changes: results.map(({ state, outcome, generation }, index) => ({ ...sent[index], state, generation, outcome })),
  });
  return exitOfChanges(results);
}

function refOf(session: OpsSession, source: string, { tenant, idempotencyKey }: Accepted[number]): ChangeRef {
  const configured = lookup(session.configuration.tenants, tenant);
  if (configured !== undefined) return { lane: laneName(configured), source, tenant, idempotencyKey };
  const sentence = `The webhook accepted tenant "${tenant}", which is not in the settings of this target.`;
  throw new OpsError(EXIT.usage, 'bad-target', sentence, 'Use the target file of the deployed stack.');
}

/** Waits until the change is settled and its outbox is empty, or until the time is up, and returns its record. */
async function waitForChange(
  session: OpsSession,
  ref: ChangeRef,
  until: number,
  signal: AbortSignal,
  onState: (state: string) => void,
): Promise<ChangeRecord> {
  let reportedState = '';
  for (;;) {
    const record = await session.ledger.readChange(ref);
    const done = record?.state === 'settled' && record.pending.length === 0;
    if (record !== undefined && (done || session.clock.now() >= until)) return record;
    if (record === undefined && session.clock.now() >= until) {
      throw new OpsError(EXIT.notFound, 'change-not-found', 'The change is not in the ledger.', 'Check --target.');
    }
    if (record !== undefined && record.state !== reportedState) onState(record.state);
    reportedState = record?.state ?? '';
    await session.clock.sleep(Math.max(1, Math.min(POLL_MS, until - session.clock.now())), signal);
  }
}
