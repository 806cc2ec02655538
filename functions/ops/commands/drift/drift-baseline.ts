import type { Command } from 'commander';
import { baseline } from '../../../../shared/domain/drift/resolve/baseline.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { chooseTenant } from '../../session/choose.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { chooseLanes, readLane } from '../../session/read-drift.ts';
import { offerChanges, type SendOptions, sendOptions } from './offer-changes.ts';
import { checkTicket } from './plan-offer.ts';

type Options = SendOptions & { group: string[]; tenant?: string };

const HELP = `
Groups that drift are left out, so that nothing is accepted unseen; so are groups
of which tickets stated everything. Nothing is written to ZPA: its state becomes
the approved one, under the ticket. Without --submit the changes are printed, as
a file that \`submit\` takes.
Examples:
  zpa-changes drift baseline --group 'Web*' --ticket CHG0031337 > baseline.yaml
  zpa-changes drift baseline --group 'Web*' --group Lab --tenant acme-prod --ticket CHG0031337 --submit`;

/** Adds the command `drift baseline`. */
export function addBaseline(drift: Command, bind: BindCommand): void {
  sendOptions(
    drift
      .command('baseline')
      .description('Drafts changes that approve the complete state of groups in ZPA, as one set.')
      .requiredOption('--group <pattern>', 'names of groups, * for any text; may be repeated', collectPatterns)
      .option('--tenant <name>', 'which tenant, where several are configured'),
  )
    .addHelpText('after', HELP)
    .action(bind(makeBaseline));
}

const collectPatterns = (pattern: string, earlier: string[] = []): string[] => [...earlier, pattern];

const makeBaseline: OpsCommand<Options> = async (context, options) => {
  const { configuration } = context.session;
  const ticket = checkTicket(options.ticket);
  const tenant = chooseTenant(configuration, options.tenant);
  const [lane] = chooseLanes(configuration, tenant);
  if (lane === undefined) throw new Error('a configured tenant has a lane');
  const { report, state, names } = await readLane(context, lane, { rules: false, applications: true });
  const { group: patterns } = options;
  const { findings, notChecked } = report;
  const resolution = baseline({ tenant, patterns, findings, notChecked, state });
  if (resolution.units.length + resolution.unresolved.length === 0) {
    const sentence = `No group of tenant "${tenant}" that ${patterns.map((one) => `"${one}"`).join(' or ')} names is in need of a baseline.`;
    const remedy = 'See `groups list`; a group that tickets stated completely needs none.';
    throw new OpsError(EXIT.notFound, 'nothing-to-accept', sentence, remedy);
  }
  return await offerChanges(context, { purpose: 'baseline', ticket, resolution, findings: [], names, options });
};
