import type { Command } from 'commander';
import { setTicket } from '../../../../shared/accept/changes/set-ticket.ts';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import type { SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import type { Decision } from '../../../../shared/domain/decide/decision.ts';
import { differenceWords } from '../../../../shared/domain/drift/render/finding-words.ts';
import { renderWords } from '../../../../shared/domain/drift/render/words.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { type Numbered, numberChanges, type Purpose } from '../../../../shared/domain/drift/resolve/number-changes.ts';
import type { Resolution } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { createRuleReadings, type RuleReadings } from '../../../../shared/reading/read-rules.ts';
import { changeYaml } from '../../output/change-yaml.ts';
import { EXIT, type ExitCode, OpsError } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { CommandContext } from '../../session/command.ts';
import { planOne, showPlanned } from '../plan.ts';
import { sendChanges, waitSeconds } from '../submit.ts';

export type SendOptions = { ticket: string; submit?: boolean; wait?: string | boolean; reach?: boolean };

/** Adds the options of a command that makes changes. */
export function sendOptions(command: Command): Command {
  return command
    .requiredOption('--ticket <id>', 'the ticket that approves it; the keys of the changes begin with it')
    .option('--submit', 'send the changes')
    .option('--wait [seconds]', 'with --submit: wait for the outcomes, 600 seconds unless told');
}

/** A ticket's id as the beginning of keys. Throws an `OpsError` if it cannot be one. */
export function checkTicket(ticket: string): string {
  if (/^[\x21-\x7e]{1,100}$/.test(ticket) && !/[/@]/.test(ticket)) return ticket;
  const sentence = `--ticket ${visible(ticket)} cannot begin the key of a change.`;
  throw new OpsError(EXIT.usage, 'bad-option', sentence, 'Name it by its id alone, for example --ticket CHG0031337.');
}

/** `findings`: what the changes answer, unless they undo others. `names`: of groups and application segments by id. */
type Offer = {
  purpose: Purpose;
  ticket: string;
  resolution: Resolution;
  findings: readonly Finding[];
  names: ReadonlyMap<string, string>;
  options: SendOptions;
};

type Planned = Numbered & { decision?: Decision };

/**
 * Shows the changes with their plan, and sends them if that was asked for. A baseline is not planned: it states what was read
 * this minute. Rejects with an `OpsError`, and sends nothing, if a finding has no change or a change would be rejected.
 */
export async function offerChanges(context: CommandContext, offer: Offer): Promise<ExitCode> {
  const { purpose, ticket, resolution, options } = offer;
  const { terminal, session } = context;
  const seconds = options.submit ? waitSeconds(options.wait) : undefined;
  const numbered = numberChanges(resolution.units, ticket, purpose);
  const source = sourceOf(session);
  const requests = numbered.map(({ change }) => parsed(change, source));
  showLeftOut(terminal, resolution);
  const planned: Planned[] = [];
  const readings = options.reach ? createRuleReadings(session.clock, TIMING.rulesKeptMs) : undefined;
  for (const [index, one] of numbered.entries()) {
    const request = requests[index];
    if (request === undefined) continue;
    planned.push(await showOne(context, one, request, { ...offer, readings }));
  }
  const refused = planned.filter(({ decision }) => decision?.kind === 'rejected');
  // A baseline leaves out what it names; it fails if nothing is left.
  const isWhole = purpose === 'baseline' ? numbered.length > 0 : refused.length + resolution.unresolved.length === 0;
  const exit = isWhole ? EXIT.ok : EXIT.failed;
  if (!options.submit) {
    if (numbered.length > 0)
      terminal.warn(
        `${formatCount(numbered.length, 'change')}, not sent: repeat it with --submit, or \`submit\` the file.`,
      );
    terminal.document({
      schemaVersion: 1,
      ticket,
      changes: planned,
      unresolved: resolution.unresolved,
      notes: resolution.notes,
    });
    return exit;
  }
  if (!isWhole || numbered.length === 0) throw nothingSent(purpose, resolution, refused);
  const changes = numbered.map(({ change }) => change);
  return await sendChanges(context, changes, session.target.source, seconds);
}

/** The source that the CLI sends as. Throws an `OpsError` if the settings do not name it. */
function sourceOf({ configuration, target }: CommandContext['session']): SourceConfiguration {
  const source = lookup(configuration.sources, target.source);
  if (source !== undefined) return source;
  const sentence = `The CLI sends as source "${target.source}", which the settings do not name.`;
  throw new OpsError(
    EXIT.usage,
    'which-source',
    sentence,
    'Add it to the settings, or name another one in the target.',
  );
}

/** Reads a change as the webhook of its source does. */
function parsed(change: Numbered['change'], source: SourceConfiguration): ChangeRequest {
  const result = parseChange(setTicket(change, source));
  if (result.ok) return result.change;
  const sentence = result.faults.map((fault) => fault.sentence).join('\n');
  const remedy = 'A change cannot state it. Put it right in ZPA, or by a change of your own.';
  throw new OpsError(EXIT.failed, 'cannot-be-stated', `${change.idempotencyKey}: ${sentence}`, remedy);
}

function nothingSent(purpose: Purpose, { unresolved }: Resolution, refused: readonly Planned[]): OpsError {
  const sentences = [
    ...unresolved.map(({ id, group, reason }) => `${id}, ${group}: ${ended(reason)}`),
    ...refused.map(({ change }) => `${change.idempotencyKey} would be rejected.`),
  ];
  const without = purpose === 'undo' ? 'Undo the others by their keys.' : 'Repeat it without these findings.';
  const remedy = unresolved.length > 0 ? without : 'Correct what the plan above names.';
  return new OpsError(EXIT.failed, 'nothing-sent', `Nothing was sent:\n${sentences.join('\n')}`, remedy);
}

/** A reason that quotes an answer of ZPA may have its full stop. */
const ended = (reason: string) => (reason.endsWith('.') ? reason : `${reason}.`);

function showLeftOut(terminal: Terminal, { unresolved, notes }: Resolution): void {
  for (const { id, group, reason, remedy } of unresolved) {
    terminal.warn(visible(`${id}, ${group}: no change, because ${ended(reason)} ${remedy}`, 1000));
  }
  for (const note of notes) asComments(terminal).say(visible(note, 1000));
}

/** A terminal whose lines are comments of a file. They are not wrapped, because the rest of a wrapped line would be none. */
function asComments(terminal: Terminal): Terminal {
  const say = (line: string) => (terminal.json || line === '' ? undefined : terminal.raw(`# ${line}\n`));
  return { ...terminal, say };
}

/** Prints the plan of a change as comments above it, so that the output is a file of changes. */
async function showOne(
  context: CommandContext,
  numbered: Numbered,
  request: ChangeRequest,
  { purpose, findings, names, readings }: Offer & { readings: RuleReadings | undefined },
): Promise<Planned> {
  const { terminal, session } = context;
  const comments = asComments(terminal);
  const { change, answers } = numbered;
  if (!terminal.json) terminal.raw('---\n');
  for (const finding of findings.filter(({ id }) => answers.includes(id))) {
    comments.say(`${finding.id}: ${renderWords(differenceWords(finding), (foreign) => visible(foreign))}`);
  }
  const isFirst =
    change.changeSet === undefined || change.changeSet.onReject === 'continue' || change.changeSet.index === 1;
  if (purpose === 'undo') comments.say(`undoes ${visible(answers.join(', '))}`);
  let decision: Decision | undefined;
  if (purpose !== 'baseline' && isFirst) {
    terminal.progress(`planning ${change.idempotencyKey} …`);
    const planned = await planOne(context, session.target.source, request, readings);
    showPlanned(comments, request, planned);
    decision = planned.decision;
  } else if (purpose !== 'baseline') comments.say('planned when the changes before it in its set are applied');
  if (!terminal.json) terminal.raw(changeYaml(change, names));
  return decision === undefined ? numbered : { ...numbered, decision };
}
