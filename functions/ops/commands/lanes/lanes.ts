import type { Command } from 'commander';
import { byOption, reasonOption } from '../../input/decision-options.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import { exitIncomplete, unreadableCell } from '../../output/unreadable.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { allLanes, findLane, laneTitle } from '../../session/lanes.ts';
import { pauseLane, resumedSentence, resumeLane } from './pause-lane.ts';
import { MAX_COUNTED, readShown, type ShownLane } from './read-lanes.ts';
import { release } from './release-lane.ts';

const HELP = `
A lane is the queue of one ZPA customer. Its changes wait while it is paused. A
lane stops while its tenant cannot be reached and continues automatically. It is
paused automatically after five rejections in a row with an unknown cause.
Examples:
  zpa-changes lanes pause acme-prod --reason "maintenance until 18:00"
  zpa-changes lanes resume acme-prod
  zpa-changes lanes release acme-prod --reason "customer closed, ZPA not accessible"`;

const RELEASE_HELP = `
For a lane with a write that ZPA did not confirm, in a tenant that can no longer be
read. Shows each group before the write, as intended and as it is in ZPA now, and
the affected changes. After confirmation they are closed as outcome-unknown. While
a worker is processing the lane, or ZPA may still be applying the write, nothing is
done and the command shows when to try again. Exit code 3 if nothing is open.`;

/** Adds the command `lanes` with its subcommands. */
export function addLanes(program: Command, bind: BindCommand): void {
  const lanes = program.command('lanes').summary('list, pause, resume and release lanes').addHelpText('after', HELP);
  lanes
    .command('list')
    .description('Lists lanes: state, open changes, failed attempts, the next attempt and why.')
    .action(bind(list));
  lanes
    .command('pause')
    .description('Pauses all writes to a ZPA customer. A write in progress is completed.')
    .argument('<lane>', 'lane, or one of its tenants')
    .addOption(reasonOption('reason, shown to other operators').makeOptionMandatory())
    .addOption(byOption())
    .action(bind(pause));
  lanes
    .command('resume')
    .description('Resumes a paused lane.')
    .argument('<lane>', 'lane, or one of its tenants')
    .action(bind(resume));
  lanes
    .command('release')
    .description('Closes the unconfirmed write of a lane as outcome-unknown. This cannot be undone.')
    .argument('<key>', 'lane, one of its tenants, or the key of one of its changes')
    .addOption(reasonOption('reason, for the record and the ticket').makeOptionMandatory())
    .addOption(byOption())
    .option('--yes', 'do not ask')
    .addHelpText('after', RELEASE_HELP)
    .action(bind(release));
}

const list: OpsCommand = async ({ session, terminal }) => {
  const shown: ShownLane[] = [];
  for (const [lane, tenants] of await allLanes(session)) shown.push(await readShown(session, lane, tenants));
  terminal.table(
    ['tenants', 'state', 'open', 'failed', 'next attempt', 'reason', 'lane'],
    shown.flatMap(({ lane, tenants, former, state, open, note, tries, since, nextAt, unreadable }) => {
      const count = open > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(open);
      const names = [...tenants, ...former.map((name) => `${name} (removed)`)].join(', ');
      const unread = unreadable.map(({ key }) => [names, unreadableCell(terminal), '', '', '', key, lane]);
      const next = nextAt === undefined ? '' : formatTime(nextAt);
      const why = since === undefined ? note : `since ${formatTime(since)}: ${note}`;
      return [[names, stateCell(state, terminal), count, `${tries ?? ''}`, next, why, lane], ...unread];
    }),
  );
  if (shown.length === 0) terminal.say('No lane yet: the settings have no tenant. Add one: docs/deploy.md.');
  terminal.document({ lanes: shown });
  return exitIncomplete(
    EXIT.ok,
    shown.flatMap(({ unreadable }) => unreadable),
  );
};

function stateCell(state: ShownLane['state'], { colours }: Terminal): Cell {
  const colour = state === 'stopped' ? colours.red : GOES_ON.has(state) ? colours.green : colours.yellow;
  return { text: state, colour };
}

const GOES_ON = new Set<ShownLane['state']>(['idle', 'working', 'waiting']);

const pause: OpsCommand<{ reason: string; by: string }> = async (context, { reason, by }, name = '') => {
  const { session, terminal } = context;
  const lane = await findLane(session, name);
  const { paused } = await pauseLane(context, lane, { reason, by });
  terminal.say(`The lane of ${laneTitle(session.configuration, lane)} is paused: ${paused.reason}`);
  terminal.document({ lane, paused });
  return EXIT.ok;
};

const resume: OpsCommand = async (context, _options, name = '') => {
  const { session, terminal } = context;
  const lane = await findLane(session, name);
  const before = await session.ledger.readLane(lane);
  const { stopped } = await resumeLane(context, lane);
  const isIdle = before.paused === undefined && stopped === undefined;
  const title = `The lane of ${laneTitle(session.configuration, lane)}`;
  terminal.say(isIdle ? `${title} was not paused.` : resumedSentence(title, stopped, session.clock.now()));
  terminal.document({ lane, paused: null, stopped: stopped ?? null });
  return EXIT.ok;
};
