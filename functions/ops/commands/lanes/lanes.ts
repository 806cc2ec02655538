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
    .requiredOption('--reason <text>', 'reason, shown to other operators')
    .addOption(new Option('--by <name>', 'who decided, for the record').default(userInfo().username, 'your user name'))
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
    .requiredOption('--reason <text>', 'reason, for the record and the ticket')
    .addOption(new Option('--by <name>', 'who decided, for the record').default(userInfo().username, 'your user name'))
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
    ['lane', 'tenants', 'state', 'open', 'failed', 'next attempt', 'reason'],
    shown.flatMap(({ lane, tenants, former, state, open, note, tries, since, nextAt, unreadable }) => {
      const count = open > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(open);
      const names = [...tenants, ...former.map((name) => `${name} (removed)`)].join(', ');
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
  const run = () =>
    updateLane(session, lane, (one) =>
      one.paused === undefined ? { ...one, paused: { by, reason: reason.slice(0, 500), since } } : undefined,
    );
  const record = await recordAct(context, 'lanes pause', { lane, reason, by }, run, ({ paused }) =>
    paused?.since === since ? undefined : 'already-paused',
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

/** No operator ends a stop: the lane tries its tenant again at its own time. */
function resumedSentence(lane: Lane, stopped: LaneRecord['stopped'], now: number): string {
  if (stopped === undefined) return `${lane} is resumed. Waiting changes continue within seconds.`;
  const { code, tenants, probeAt } = stopped;
  const what = tenants === undefined ? 'The tenant' : tenants.join(', ');
  const when = probeAt > now ? `at ${formatTime(probeAt + 999)}` : 'within seconds';
  return `${lane} is no longer paused, but it is stopped (${code}). ${what} is retried ${when}; the lane continues if that succeeds.`;
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
    const sentence = `The worker was updating lane ${lane} at the same time.`;
    throw new OpsError(EXIT.unreachable, 'lane-busy', sentence, 'Run the same command again.');
  }
}
