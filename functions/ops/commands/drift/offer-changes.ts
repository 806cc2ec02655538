import type { Command } from 'commander';
import type { Decision } from '../../../../shared/domain/decide/decision.ts';
import { differenceWords } from '../../../../shared/domain/drift/render/finding-words.ts';
import { orEmpty, renderWords } from '../../../../shared/domain/drift/render/words.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import type { Numbered } from '../../../../shared/domain/drift/resolve/number-changes.ts';
import type { Resolution } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { createRuleReadings, type RuleReadings } from '../../../../shared/reading/read-rules.ts';
import { changeYaml } from '../../output/change-yaml.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { CommandContext } from '../../session/command.ts';
import { showPlanned } from '../plan.ts';
import { showSent, waitSeconds } from '../submit.ts';
import {
  ended,
  type Offer,
  type Offered,
  offeredChanges,
  planOffered,
  sendOffered,
  whyNothingSent,
} from './plan-offer.ts';

export type SendOptions = { ticket: string; submit?: boolean; wait?: string | boolean; reach?: boolean };

/** Adds the options of a command that makes changes. */
export function sendOptions(command: Command): Command {
  return command
    .requiredOption('--ticket <id>', 'the ticket that approves it; the keys of the changes begin with it')
    .option('--submit', 'send the changes')
    .option('--wait [seconds]', 'with --submit: wait for the outcomes, 600 seconds unless told');
}

/** `findings`: what the changes answer, unless they undo others. `names`: of groups and application segments by id. */
type ShownOffer = Offer & {
  findings: readonly Finding[];
  names: ReadonlyMap<string, string>;
  options: SendOptions;
};

type Planned = Numbered & { decision?: Decision };

/**
 * Shows the changes with their plan, and sends them if that was asked for. Rejects with an `OpsError`, and sends nothing, if a
 * finding has no change or a change would be rejected.
 */
export async function offerChanges(context: CommandContext, offer: ShownOffer): Promise<ExitCode> {
  const { ticket, resolution, options } = offer;
  const { terminal, session } = context;
  const seconds = options.submit ? waitSeconds(options.wait) : undefined;
  const offered = offeredChanges(context, offer);
  showLeftOut(terminal, resolution);
  const planned: Planned[] = [];
  const readings = options.reach ? createRuleReadings(session.clock, TIMING.rulesKeptMs) : undefined;
  for (const one of offered) planned.push(await showOne(context, one, offer, readings));
  const refusal = whyNothingSent(offer, planned);
  if (!options.submit) {
    if (planned.length > 0)
      terminal.warn(
        `${formatCount(planned.length, 'change')}, not sent: repeat it with --submit, or \`submit\` the file.`,
      );
    terminal.document({
      schemaVersion: 1,
      ticket,
      changes: planned,
      unresolved: resolution.unresolved,
      notes: resolution.notes,
    });
    return refusal === undefined ? EXIT.ok : EXIT.failed;
  }
  if (refusal !== undefined) throw refusal;
  const sent = await sendOffered(context, offer, offered);
  return await showSent(context, sent, session.target.source, seconds);
}

function showLeftOut(terminal: Terminal, { unresolved, notes }: Resolution): void {
  for (const { id, group, reason, remedy } of unresolved) {
    terminal.warn(visible(`${id}, ${group}: not drafted, because ${ended(reason)} ${remedy}`, 1000));
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
  offered: Offered,
  { purpose, findings, names }: ShownOffer,
  readings: RuleReadings | undefined,
): Promise<Planned> {
  const { terminal } = context;
  const comments = asComments(terminal);
  const { change, answers, request } = offered;
  if (!terminal.json) terminal.raw('---\n');
  for (const finding of findings.filter(({ id }) => answers.includes(id))) {
    comments.say(`${finding.id}: ${renderWords(differenceWords(finding), (foreign) => orEmpty(visible(foreign)))}`);
  }
  if (purpose === 'undo') comments.say(`undoes ${visible(answers.join(', '))}`);
  const planned = await planOffered(context, purpose, offered, readings);
  if (planned !== undefined) showPlanned(comments, request, planned);
  else if (purpose !== 'baseline') comments.say('planned when the changes before it in its set are applied');
  if (!terminal.json) terminal.raw(changeYaml(change, names));
  return { change, answers, ...(planned && { decision: planned.decision }) };
}
