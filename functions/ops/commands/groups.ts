import type { Command } from 'commander';
import { withoutNames } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import { similarName } from '../../../shared/domain/text/similar-names.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { collect, retryRead } from '../../../shared/reading/retry-read.ts';
import { formatTime } from '../output/describe-change.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import { chooseMicrotenant, chooseTenant } from '../session/choose.ts';
import type { BindCommand, CommandContext, OpsCommand } from '../session/command.ts';

type Options = { tenant?: string; microtenant?: string };

const HELP = `
Examples:
  zpa-changes groups list --tenant acme-prod
  zpa-changes groups get "Remote Access" --tenant acme-prod
  zpa-changes groups search web --tenant acme-prod`;

/** Adds the command `groups` with its subcommands. */
export function addGroups(program: Command, bind: BindCommand): void {
  const groups = program
    .command('groups')
    .summary('list and show the segment groups in ZPA')
    .addHelpText('after', HELP)
    .description("Reads segment groups from ZPA with the tenant's read credential, at most two reads in 10 s.");
  const scoped = (command: Command) =>
    command
      .option('--tenant <name>', 'tenant, if several are configured')
      .option('--microtenant <name>', 'microtenant, if the tenant has several');
  scoped(groups.command('list').description('Lists all segment groups.')).action(bind(list));
  scoped(groups.command('get').description('Shows one segment group with its application segments.'))
    .argument('<group>', 'id or exact name')
    .action(bind(get));
  scoped(groups.command('search').description('Lists the groups whose name or description contains a text.'))
    .argument('<text>', 'text to find, case-insensitive')
    .addHelpText('after', '\nExample:\n  zpa-changes groups search web --tenant acme-prod')
    .action(bind(search));
}

function scopeOf({ session, signal }: CommandContext, options: Options) {
  const tenant = chooseTenant(session.configuration, options.tenant);
  const scope = { signal, ...chooseMicrotenant(session.configuration, tenant, options.microtenant) };
  return { zpa: session.zpaOf(tenant), scope, readOptions: { ...session, signal } };
}

async function readAll(context: CommandContext, options: Options): Promise<SegmentGroup[]> {
  const { zpa, scope, readOptions } = scopeOf(context, options);
  context.terminal.progress('reading segment groups from ZPA …');
  const groups = await retryRead(readOptions, () => collect(zpa.listGroups(scope)));
  return groups.map(withoutNames).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

const list: OpsCommand<Options> = async (context, options) => {
  show(context.terminal, await readAll(context, options));
  return EXIT.ok;
};

const search: OpsCommand<Options> = async (context, options, text = '') => {
  const wanted = text.normalize().toLowerCase();
  const contains = (value: string) => value.normalize().toLowerCase().includes(wanted);
  const found = (await readAll(context, options)).filter(
    (group) => contains(group.name) || contains(group.description),
  );
  show(context.terminal, found);
  return found.length === 0 ? EXIT.notFound : EXIT.ok;
};

function show(terminal: Terminal, groups: readonly SegmentGroup[]): void {
  const { green, dim } = terminal.colours;
  terminal.table(
    ['id', 'name', 'enabled', 'segments', 'microtenant', 'modified'],
    groups.map((group) => [
      group.id,
      group.name,
      { text: group.enabled ? 'yes' : 'no', colour: group.enabled ? green : dim },
      String(group.applicationIds.length),
      group.microtenantId === '0' ? 'Default' : group.microtenantId,
      group.modifiedTime === undefined ? 'unknown' : formatTime(group.modifiedTime * 1000).slice(0, 10),
    ]),
  );
  terminal.say(terminal.colours.dim(formatCount(groups.length, 'group')));
  terminal.document({ groups });
}

const get: OpsCommand<Options> = async (context, options, wanted = '') => {
  const { terminal } = context;
  terminal.progress('reading the group and its application segments from ZPA …');
  const group = withoutNames(await readOne(context, options, wanted));
  const lines: [string, string][] = [
    ['id', group.id],
    ['name', group.name],
    ['description', group.description === '' ? '(empty)' : group.description],
    ['enabled', group.enabled ? 'yes' : 'no'],
    ['config space', group.configSpace],
    ['microtenant', group.microtenantId === '0' ? 'Default' : group.microtenantId],
    ['read-only', group.readOnly ? 'yes' : 'no'],
    ['modified', modifiedText(group)],
    ['segments', String(group.applicationIds.length)],
  ];
  for (const [label, value] of lines) terminal.say(`${terminal.colours.dim(label.padEnd(13))} ${visible(value, 4000)}`);
  const names = await namesOf(context, options, group);
  for (const id of group.applicationIds) terminal.say(`  ${id}  ${visible(names.get(id) ?? '')}`.trimEnd());
  terminal.document({ group, applicationNames: Object.fromEntries(names) });
  return EXIT.ok;
};

/** When and by whom; ZPA knows neither of some old groups. */
function modifiedText({ modifiedTime, modifiedBy }: SegmentGroup): string {
  const when = modifiedTime === undefined ? 'unknown' : formatTime(modifiedTime * 1000);
  return modifiedBy === undefined ? when : `${when} by ${modifiedBy}`;
}

/**
 * Reads names of the group's applications from one page of a listing. They are optional, so on a failure only ids are
 * shown.
 */
async function namesOf(
  context: CommandContext,
  options: Options,
  { applicationIds }: SegmentGroup,
): Promise<Map<string, string>> {
  if (applicationIds.length === 0) return new Map();
  const { zpa, scope } = scopeOf(context, options);
  try {
    const applications = await collect(zpa.listApplications({ ...scope, maxPages: 1 }));
    const own = applications.filter(({ id }) => applicationIds.includes(id));
    return new Map(own.map(({ id, name }) => [id, name]));
  } catch {
    context.signal.throwIfAborted();
    return new Map();
  }
}

async function readOne(context: CommandContext, options: Options, wanted: string): Promise<SegmentGroup> {
  const { zpa, scope, readOptions } = scopeOf(context, options);
  const byName = await retryRead(readOptions, () => zpa.findGroups(wanted, scope));
  const [first, ...others] = byName;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    const sentence = `${byName.length} segment groups are named "${wanted}".`;
    throw new OpsError(
      EXIT.usage,
      'group-name-ambiguous',
      sentence,
      `Use an id: ${byName.map((g) => g.id).join(', ')}`,
    );
  }
  if (/^\d{1,20}$/.test(wanted)) {
    try {
      return await retryRead(readOptions, () => zpa.getGroup(wanted, scope));
    } catch (error) {
      if (!isZpaFault(error) || error.fault.code !== 'not-found') throw error;
    }
  }
  throw await notFoundError(context, options, wanted);
}

async function notFoundError(context: CommandContext, options: Options, wanted: string): Promise<OpsError> {
  const names = (await readAll(context, options)).map((group) => group.name);
  const near = similarName(wanted, names);
  const list = `zpa-changes groups list${options.tenant === undefined ? '' : ` --tenant ${options.tenant}`}`;
  const remedy = near === undefined ? `List the groups: ${list}.` : `Did you mean "${near}"?`;
  return new OpsError(
    EXIT.notFound,
    'group-not-found',
    `There is no segment group with the id or name "${wanted}".`,
    remedy,
  );
}
