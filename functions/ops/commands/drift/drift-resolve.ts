import type { Command } from 'commander';
import { acceptFindings } from '../../../../shared/domain/drift/resolve/accept-findings.ts';
import { joined } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { revertFindings } from '../../../../shared/domain/drift/resolve/revert-findings.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { findFindings } from '../../session/read-drift.ts';
import { offerChanges, type SendOptions, sendOptions } from './offer-changes.ts';
import { checkTicket } from './plan-offer.ts';

type Options = SendOptions & { tenant?: string };

const SENDING = `
Without --submit nothing is sent: the changes are printed with their plan, as a
file that \`submit\` takes. With it they are sent as \`submit\` does, unless the plan
says that one of them would be rejected.`;

const ACCEPT_HELP = `
Nothing is written to ZPA: its present state becomes the approved one. If something
else is in ZPA when the change is applied, it is rejected.
${SENDING.trim()}
Examples:
  zpa-changes drift accept D-d35a64b4 --ticket CHG0031337
  zpa-changes drift accept D-d35a64b4 D-0ef1abd7 --ticket CHG0031337 --submit --wait`;

const REVERT_HELP = `
Each change expects the present state: if somebody edits the group before it is
applied, it is rejected. The next report says whether the finding is closed.
${SENDING.trim()}
Examples:
  zpa-changes drift revert D-d35a64b4 --ticket CHG0031337 > revert.yaml
  zpa-changes drift revert D-d35a64b4 --ticket CHG0031337 --submit --wait`;

/** Adds the commands `drift accept` and `drift revert`. */
export function addResolve(drift: Command, bind: BindCommand): void {
  const add = (name: 'accept' | 'revert', description: string, help: string) =>
    sendOptions(
      drift
        .command(name)
        .description(description)
        .argument('<ids...>', 'ids of findings, as `drift` shows them')
        .option('--tenant <name>', 'look only at the customer of this tenant'),
    )
      .addHelpText('after', help)
      .action(bind(resolveBy(name)));
  add('accept', 'Drafts changes that approve what ZPA holds now, under a ticket.', ACCEPT_HELP);
  add('revert', 'Drafts changes that restore what was approved, under a ticket.', REVERT_HELP).option(
    '--reach',
    'show the policy impact; reads the policy rules, which takes a minute or two',
  );
}

const RESOLVE = { accept: acceptFindings, revert: revertFindings };

const resolveBy =
  (purpose: 'accept' | 'revert'): OpsCommand<Options> =>
  async (context, options, ...ids) => {
    const ticket = checkTicket(options.ticket);
    const found = await findFindings(context, ids, options.tenant, { rules: false, applications: true });
    const resolution = joined(found.map(({ reading, findings }) => RESOLVE[purpose](findings, reading.state)));
    const findings = found.flatMap((one) => one.findings);
    const names = new Map(found.flatMap(({ reading }) => [...reading.names]));
    return await offerChanges(context, { purpose, ticket, resolution, findings, names, options });
  };
