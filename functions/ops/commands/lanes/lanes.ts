import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { type LaneStanding, laneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import { type LaneRecord, newLane } from '../../../../shared/domain/records/lane-record.ts';
import { ContentionError, optimisticUpdate } from '../../../../shared/ledger/optimistic-update.ts';
import { isUnreadable } from '../../../../shared/ports/error-code.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { formatTime } from '../../output/describe-change.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { Cell, Terminal } from '../../output/terminal.ts';
import { exitIncomplete, unreadableCell } from '../../output/unreadable.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { allLanes, findLane, type TenantsOfLane } from '../../session/lanes.ts';
import { recordAct } from '../../session/record-act.ts';
import { release } from './release-lane.ts';
import { wakeLane } from './wake-lane.ts';

const HELP = `
A lane is one ZPA customer; its changes wait while it is paused. A lane stops by
itself while its tenant cannot be reached, and goes on by itself; it pauses
after five rejections in a row that nobody could classify.
Examples:
  zpa-changes lanes pause acme-prod --reason "maintenance until 18:00"
  zpa-changes lanes resume acme-prod
  zpa-changes lanes release acme-prod --reason "customer closed, nobody can look"`;

const RELEASE_HELP = `
For a lane whose write got no definite answer and whose tenant does not let
anybody look. Shows each group as it was, as it was intended and as it is in ZPA
now, and the changes concerned; asks, and settles them as outcome-unknown. While
a worker holds the lane, or ZPA may still be carrying the write out, nothing is
done, and you are told when to try again. Exit code 3 if nothing is open.`;

/** Adds the command `lanes` with its subcommands. */
export function addLanes(program: Command, bind: BindCommand): void {
  const lanes = program
    .command('lanes')
    .summary('see which lanes work; pause, resume and release them')
    .addHelpText('after', HELP);
  lanes
    .command('list')
    .description('Lists lanes: state, open changes, failed attempts, the next attempt and why.')
    .action(bind(list));
  lanes
    .command('pause')
    .description('Stops writing to a ZPA customer. What is being written at this moment is finished.')
    .argument('<lane>', 'lane, or a tenant of it')
    .requiredOption('--reason <text>', 'why, for whoever looks at it')
    .addOption(new Option('--by <name>', 'who decided it').default(userInfo().username, 'your user name'))
    .action(bind(pause));
  lanes
    .command('resume')
    .description('Lets a paused lane go on.')
    .argument('<lane>', 'lane, or a tenant of it')
    .action(bind(resume));
  lanes
    .command('release')
    .description('Settles the open intent of a lane as outcome-unknown, for good.')
    .argument('<key>', 'lane, a tenant of it, or the key of one of its changes')
    .requiredOption('--reason <text>', 'why, for the record and the ticket')
    .addOption(new Option('--by <name>', 'who decided it').default(userInfo().username, 'your user name'))
    .option('--yes', 'do not ask')
    .addHelpText('after', RELEASE_HELP)
    .action(bind(release));
}

/** At most this many open changes are counted; more are shown as "more than". */
const MAX_COUNTED = 1000;

const list: OpsCommand = async ({ session, terminal }) => {
  const shown: ShownLane[] = [];
  for (const [lane, tenants] of await allLanes(session)) shown.push(await readShown(session, lane, tenants));
  terminal.table(
    ['lane', 'tenants', 'state', 'open', 'failed', 'next attempt', 'why'],
    shown.flatMap(({ lane, tenants, former, state, open, note, tries, since, nextAt, unreadable }) => {
      const count = open > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(open);
      const names = [...tenants, ...former.map((name) => `${name} (no more)`)].join(', ');
      const unread = unreadable.map(({ key }) => [lane, '', unreadableCell(terminal), '', '', '', key]);
      const next = nextAt === undefined ? '' : formatTime(nextAt);
      const why = since === undefined ? note : `since ${formatTime(since)}: ${note}`;
      return [[lane, names, stateCell(state, terminal), count, `${tries ?? ''}`, next, why], ...unread];
    }),
  );
  terminal.document({ lanes: shown });
  return exitIncomplete(
    EXIT.ok,
    shown.flatMap(({ unreadable }) => unreadable),
  );
};

/** `open` counts those that cannot be read as well; `unreadable`: the lane itself, and open changes. */
type ShownLane = TenantsOfLane & {
  lane: Lane;
  state: LaneStanding['state'] | 'unknown';
  note: string;
  tries?: number;
  since?: number;
  nextAt?: number;
  open: number;
  unreadable: UnreadableRecord[];
};

async function readShown({ ledger, clock }: OpsSession, lane: Lane, tenants: TenantsOfLane): Promise<ShownLane> {
  const unreadable: UnreadableRecord[] = [];
  const take = ({ key, why }: UnreadableRecord) => unreadable.push({ key, why });
  const open = (await ledger.openChanges(lane, MAX_COUNTED + 1, undefined, take)).length + unreadable.length;
  try {
    return { lane, ...tenants, open, unreadable, ...laneStanding(await ledger.readLane(lane), open, clock.now()) };
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof Error)) throw error;
    unreadable.unshift({ key: 'lane', why: error.message });
    return { lane, ...tenants, open, unreadable, state: 'unknown', note: '' };
  }
}

function stateCell(state: ShownLane['state'], { colours }: Terminal): Cell {
  const colour = state === 'stopped' ? colours.red : GOES_ON.has(state) ? colours.green : colours.yellow;
  return { text: state, colour };
}

const GOES_ON = new Set<ShownLane['state']>(['idle', 'working', 'waiting']);

const pause: OpsCommand<{ reason: string; by: string }> = async (context, { reason, by }, name = '') => {
  const { session, terminal } = context;
  const lane = await findLane(session, name);
  const since = session.clock.now();
  const record = await recordAct(context, 'lanes pause', { lane, reason, by }, () =>
    updateLane(session, lane, (one) =>
      one.paused === undefined ? { ...one, paused: { by, reason: reason.slice(0, 500), since } } : undefined,
    ),
  );
  terminal.say(`${lane} is paused: ${record.paused?.reason ?? ''}`);
  terminal.document({ lane, paused: record.paused });
  return EXIT.ok;
};

const resume: OpsCommand = async (context, _options, name = '') => {
  const { session, terminal } = context;
  const lane = await findLane(session, name);
  const { stopped } = await recordAct(context, 'lanes resume', { lane }, () =>
    updateLane(session, lane, ({ paused, ...rest }) => (paused === undefined ? undefined : rest)),
  );
  await wakeLane(session, lane);
  terminal.say(resumedSentence(lane, stopped, session.clock.now()));
  terminal.document({ lane, paused: null, stopped: stopped ?? null });
  return EXIT.ok;
};

/** No operator ends a stop: the lane asks its tenant again at its own time. */
function resumedSentence(lane: Lane, stopped: LaneRecord['stopped'], now: number): string {
  if (stopped === undefined) return `${lane} goes on. What waited is taken up within seconds.`;
  const { code, tenants, probeAt } = stopped;
  const what = tenants === undefined ? 'it' : tenants.join(', ');
  const when = probeAt > now ? `at ${formatTime(probeAt + 999)}` : 'within seconds';
  return `${lane} is not paused, but stopped (${code}): ${what} is tried again ${when}, and goes on if that succeeds.`;
}

/**
 * Updates the lane with a conditional write and repeats it, because the worker writes the lane too. Beside a worker,
 * operators write only `paused`.
 */
async function updateLane(
  session: OpsSession,
  lane: string,
  change: (record: LaneRecord) => LaneRecord | undefined,
): Promise<LaneRecord> {
  try {
    const { record } = await optimisticUpdate<LaneRecord, LaneRecord>(await session.ledger.readLane(lane), {
      change,
      write: (next, expected) => session.ledger.writeLane(next, expected),
      absent: () => newLane(lane),
      subject: `lane ${lane}`,
    });
    return record;
  } catch (error) {
    if (!(error instanceof ContentionError)) throw error;
    const sentence = `The worker wrote lane ${lane} each time we were about to.`;
    throw new OpsError(EXIT.unreachable, 'lane-busy', sentence, 'Run the same command again.');
  }
}
