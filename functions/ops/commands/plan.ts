import type { Command } from 'commander';
import { setTicket } from '../../../shared/accept/changes/set-ticket.ts';
import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import { effectiveAction } from '../../../shared/domain/change/if-exists.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import type { SourceConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import type { Decision } from '../../../shared/domain/decide/decision.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { reachLines } from '../../../shared/domain/outcome/reach-text.ts';
import { reachNeed } from '../../../shared/domain/reach/reach-need.ts';
import { asSentence } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { type PlannedForSource, planForSource, type SourcePlanning } from '../../../shared/reading/plan-for-source.ts';
import { createRuleReadings, type RuleReadings } from '../../../shared/reading/read-rules.ts';
import { retryRead } from '../../../shared/reading/retry-read.ts';
import { quoted } from '../output/describe-change.ts';
import { describePlanned, namesOf, standingOf } from '../output/describe-planned.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseSource, readChangeFile } from '../session/choose.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../session/command.ts';

type Options = { source?: string; reach?: boolean };

const HELP = `
Uses the same checks as the worker. Each change is compared with the tenant as it
is now; earlier changes in the file and queued changes are not taken into account.
Exit code 0 if all changes could be applied, 1 if one would be rejected.
Example:
  zpa-changes plan change.yaml --source servicenow    check the grants of that source
  zpa-changes plan change.yaml --reach                include the policy impact`;

/** Adds the command `plan`. */
export function addPlan(program: Command, bind: BindCommand): void {
  program
    .command('plan')
    .summary('show what changes would do; nothing is written')
    .description('Dry run of the changes in a file against the live tenant, with the read credential.')
    .argument('<file>', 'file with changes, or - for stdin')
    .option('--source <name>', 'check the grants of this source (default: the CLI)')
    .option('--reach', 'show the policy impact; reads the policy rules, which takes a minute or two')
    .addHelpText('after', HELP)
    .action(bind(plan));
}

const plan: OpsCommand<Options> = async (context, options, file = '-') => {
  const { session, terminal, processContext } = context;
  const source = options.source ?? session.target.source;
  const configured = chooseSource(session.configuration, source);
  const changes = (await readChangeFile(file, processContext)).map((raw, index) => parse(raw, index, configured));
  const planned: { change: ChangeRequest; decision: Decision }[] = [];
  const readings = createRuleReadings(session.clock, TIMING.rulesKeptMs);
  for (const change of changes) {
    terminal.progress(`reading ZPA for ${change.idempotencyKey} …`);
    const result = await planOne(context, source, change, options.reach === true ? readings : undefined);
    planned.push({ change, decision: result.decision });
    showPlanned(terminal, change, result);
  }
  if (options.reach !== true && planned.some(isWithoutReach)) {
    terminal.say('Add --reach to see the policy impact.');
  }
  terminal.document({
    source,
    changes: planned.map(({ change, decision }) => ({ idempotencyKey: change.idempotencyKey, ...decision })),
  });
  return planned.some(({ decision }) => decision.kind === 'rejected') ? EXIT.failed : EXIT.ok;
};

/** Reads a change as the webhook of its source does. */
function parse(raw: unknown, index: number, source: SourceConfiguration): ChangeRequest {
  const parsed = parseChange(setTicket(raw, source));
  if (parsed.ok) return parsed.change;
  const [first] = parsed.faults;
  const one = parsed.faults.length === 1;
  const sentences = parsed.faults.map(
    (fault) => `change ${index + 1}: ${fault.sentence}${one ? '' : ` ${fault.remedy}`}`,
  );
  const remedy = one && first !== undefined ? first.remedy : 'Correct the file.';
  throw new OpsError(EXIT.usage, first?.code ?? 'invalid-change', sentences.join('\n'), remedy);
}

/**
 * Plans one change as this source's change; `readings` are the policy rules. Without them rules are read only where a guard depends
 * on them: a decision without them would not be the worker's.
 */
export async function planOne(
  context: CommandContext,
  source: string,
  change: ChangeRequest,
  wanted: RuleReadings | undefined,
): Promise<PlannedForSource> {
  const { session, signal } = context;
  const { configuration, zpaOf, clock } = session;
  const readings = wanted ?? readingsForGuards(context, change);
  const { ticket } = change;
  if (ticket === undefined) throw new Error('a change passed without ticket');
  const rules: SourcePlanning['rules'] = async (zpa, lane, scope, need, isNeeded) =>
    (await readings?.read(zpa, { lane, tenant: change.tenant }, need, scope, isNeeded)) ?? NOT_REQUESTED;
  const planning: SourcePlanning = { configuration, source, zpaOf, clock, signal, ticket, rules };
  return await retryRead({ ...session, signal }, () => planForSource(planning, change));
}

/** Rules take minutes to read, so a process that plans several changes keeps them for as long as they count. */
const FOR_GUARDS = new WeakMap<object, RuleReadings>();

function readingsForGuards({ session, terminal, processContext }: CommandContext, change: ChangeRequest) {
  const tenant = lookup(session.configuration.tenants, change.tenant);
  if (tenant === undefined || reachNeed(tenant, change).kind !== 'required') return undefined;
  terminal.progress('a guard depends on policy rules: reading them, which may take minutes …');
  const readings = FOR_GUARDS.get(processContext) ?? createRuleReadings(session.clock, TIMING.rulesKeptMs);
  FOR_GUARDS.set(processContext, readings);
  return readings;
}

const NOT_REQUESTED = { status: 'unread', reason: 'the policy rules were not read' } as const;

const isWithoutReach = ({ decision }: { decision: Decision }) =>
  decision.kind === 'write' && decision.reach?.status === 'not-checked';

/** Shows what a change would do, or why it would be rejected. */
export function showPlanned(terminal: Terminal, change: ChangeRequest, planned: PlannedForSource): void {
  const { decision } = planned;
  const { colours } = terminal;
  const title = `${visible(change.idempotencyKey)}  ${visible(describePlanned(change, planned), 400)} in ${visible(change.tenant)}`;
  const marks = { create: colours.green('+'), update: colours.yellow('~'), delete: colours.red('-'), accept: '=' };
  if (decision.kind === 'rejected') {
    terminal.say(`${colours.red('✗')} ${colours.bold(title)}`);
    terminal.say(`    ${colours.red(`would be rejected: ${decision.code}`)}`);
    terminal.say(`    ${visible(asSentence(decision.sentence), 1000)}`);
    terminal.say(`    ${colours.dim(visible(asSentence(decision.remedy), 1000))}`);
  } else if (decision.kind === 'unchanged') {
    terminal.say(`= ${colours.bold(title)}`);
    const accepted = change.action === 'accept';
    terminal.say(
      `    ${accepted ? 'would be recorded as approved; nothing would be written to ZPA' : 'no change needed: ZPA already matches the request'}`,
    );
    showStanding(terminal, change, planned);
  } else {
    terminal.say(`${marks[effectiveAction(change, decision.effect)]} ${colours.bold(title)}`);
    for (const line of diffLines(decision.effect, namesOf(planned), terminal)) terminal.say(`    ${line}`);
    showStanding(terminal, change, planned);
    for (const line of reachLines(decision.reach, 20)) terminal.say(`    ${colours.dim(visible(line, 1000))}`);
  }
  terminal.say('');
}

/** Shows the members that the change names and that would stay as they are. */
function showStanding({ say, colours }: Terminal, change: ChangeRequest, planned: PlannedForSource): void {
  const { there, absent } = standingOf(change, planned);
  const names = namesOf(planned);
  const lines = [
    ...there.map((id) => `= application segment ${named(names, id)} is already there`),
    ...absent.map((id) => `= application segment ${named(names, id)} is already absent`),
  ];
  for (const line of lines.slice(0, MAX_APPLICATIONS_SHOWN)) say(`    ${colours.dim(line)}`);
  if (lines.length > MAX_APPLICATIONS_SHOWN) say(`      … ${lines.length - MAX_APPLICATIONS_SHOWN} more`);
}

const named = (names: ReadonlyMap<string, string>, id: string) =>
  names.has(id) ? `${visible(names.get(id) ?? '')} (${id})` : id;

const FIELDS = ['name', 'description', 'enabled'] as const;
const MAX_APPLICATIONS_SHOWN = 50;

function diffLines(
  { before, after, added, removed }: Extract<Decision, { kind: 'write' }>['effect'],
  names: Map<string, string>,
  { colours }: Terminal,
): string[] {
  const fields = FIELDS.filter((field) => before?.[field] !== after?.[field]).map((field) => {
    const [old = '', next = ''] = [before?.[field], after?.[field]].map(quoted);
    if (before === null) return colours.green(`+ ${field}: ${next}`);
    if (after === null) return colours.red(`- ${field}: ${old}`);
    return `${colours.yellow('~')} ${field}: ${colours.red(old)} → ${colours.green(next)}`;
  });
  const rest = (ids: string[]) =>
    ids.length > MAX_APPLICATIONS_SHOWN ? [`  … ${ids.length - MAX_APPLICATIONS_SHOWN} more`] : [];
  return [
    ...fields,
    ...added.slice(0, MAX_APPLICATIONS_SHOWN).map((id) => colours.green(`+ application segment ${named(names, id)}`)),
    ...rest(added),
    ...removed.slice(0, MAX_APPLICATIONS_SHOWN).map((id) => colours.red(`- application segment ${named(names, id)}`)),
    ...rest(removed),
  ];
}
