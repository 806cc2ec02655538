import type { Command } from 'commander';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { ignoreFinding } from '../../../../shared/ledger/ignore-finding.ts';
import { byOption, reasonOption } from '../../input/decision-options.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../../session/command.ts';
import { instantOf } from '../../session/instant.ts';
import { findFindings } from '../../session/read-drift.ts';
import { recordAct } from '../../session/record-act.ts';

type Options = { tenant?: string; until: string; reason: string; by: string; deletion?: boolean };

const HELP = `
It holds for the present value: any other value ends it. It ends by
itself, after 90 days at the latest, and is kept with name and reason.
Example:
  zpa-changes drift ignore D-d35a64b4 --until 2027-01-15 --reason "audit"`;

/** Adds the command `drift ignore`. */
export function addIgnoreCommand(drift: Command, bind: BindCommand): void {
  drift
    .command('ignore')
    .description('Ignores a finding for a while: it is shown as ignored, and no longer counts.')
    .argument('<id>', 'id of the finding')
    .requiredOption('--until <date>', 'when it ends: 2027-01-15 (its begin, in UTC) or 2027-01-15T09:00:00Z')
    .addOption(reasonOption('why, for the report and for the record').makeOptionMandatory())
    .option('--deletion', 'yes, hide that a group or an application segment is gone')
    .option('--tenant <name>', 'look only at the customer of this tenant')
    .addOption(byOption())
    .addHelpText('after', HELP)
    .action(bind(ignore));
}

const ignore: OpsCommand<Options> = async (context, options, id = '') => {
  const { terminal } = context;
  const until = instantOf('--until', options.until);
  const [found] = await findFindings(context, [id], options.tenant, { rules: false, applications: false });
  const finding = found?.findings[0];
  if (found === undefined || finding === undefined) throw new Error('a finding is found, or the search rejects');
  const { lane } = found.reading;
  const { reason, by, deletion = false } = options;
  const added = await ignoreNow(context, lane, finding, { reason, by, until, deletion });
  const end = formatTime(added.until);
  terminal.say(`${id} is ignored until ${end}, unless its value changes before that.`);
  terminal.document({
    id,
    lane,
    until: end,
    by,
    reason: added.reason,
    live: added.live,
  });
  return EXIT.ok;
};

type Ignoring = { reason: string; until: number; by: string; deletion: boolean };

/** Ignores a finding for the value that it was read with. Throws an `OpsError` if that is refused. */
export async function ignoreNow(context: CommandContext, lane: Lane, finding: Finding, how: Ignoring) {
  const { reason, by, until, deletion } = how;
  const { id, before, after, group, facet } = finding;
  const request = { finding, reason, until, by, ...(deletion && { includesDeletion: true }) };
  const details = { id, lane, group: group.id, facet, before, after, ...{ reason, by, until } };
  return recordAct(context, 'drift ignore', details, async () => {
    const result = await ignoreFinding(context.session, lane, request);
    if (!result.ok) throw new OpsError(EXIT.usage, result.code, result.sentence, REMEDIES[result.code]);
    return result.added;
  });
}

type FaultCode = Extract<Awaited<ReturnType<typeof ignoreFinding>>, { ok: false }>['code'];

const REMEDIES: Record<FaultCode, string> = {
  'reason-missing': 'Give the reason why it may stay.',
  'reason-too-long': 'Shorten the reason; a ticket holds the rest.',
  'until-past': 'Give a later end, for example 2027-01-15.',
  'until-too-far': 'Give an earlier end, or accept the finding by a ticket.',
  'hides-deletion': 'Confirm that it hides a deletion (--deletion), or accept or revert it.',
  'place-unknown': 'Try again.',
  'ignores-full': 'Accept or revert findings by a ticket.',
};
