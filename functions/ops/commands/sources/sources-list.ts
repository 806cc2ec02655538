import type { Command } from 'commander';
import type { SourceConfiguration } from '../../../../shared/domain/configuration/configuration.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';

/** Adds the command `sources list`. */
export function addSourcesList(sources: Command, bind: BindCommand): void {
  sources
    .command('list')
    .summary('list the sources')
    .description('Lists the sources of the settings: how each proves itself, is answered and approves, and its grants.')
    .addHelpText('after', '\nExample:\n  zpa-changes sources list')
    .action(bind(list));
}

const list: OpsCommand = async ({ session, terminal }) => {
  const sources = Object.entries(session.configuration.sources).map(describeSource);
  terminal.table(
    ['source', 'system', 'scheme', 'tickets', 'approval', 'grants'],
    sources.map(({ name, system, scheme, tickets, approval, grants }) => [
      name,
      system,
      scheme,
      tickets ?? '',
      approval ?? '',
      String(grants),
    ]),
  );
  terminal.say(terminal.colours.dim(formatCount(sources.length, 'source')));
  terminal.document({ sources });
  return EXIT.ok;
};

/** A source for a person; without `approval` its signed payload itself is the request. */
export function describeSource([name, source]: [string, SourceConfiguration]) {
  const { system, scheme, tickets, approval, grants } = source;
  return {
    name,
    system,
    scheme: scheme.kind,
    ...(tickets !== undefined && { tickets: `${tickets.kind} at ${new URL(tickets.url).host}` }),
    ...(approval !== undefined && { approval: describeApproval(approval) }),
    grants: grants.length,
  };
}

function describeApproval(approval: NonNullable<SourceConfiguration['approval']>): string {
  const { gate, trustPayload, selfApproval, trustHistory, requirePlan } = approval;
  const more = { trustPayload, selfApproval, trustHistory, requirePlan };
  const set = Object.entries(more).flatMap(([field, isSet]) => (isSet ? [field] : []));
  return [gate.preset ?? 'own gate', ...set].join(', ');
}
