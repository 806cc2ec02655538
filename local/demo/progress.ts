import { formatCount } from '../../shared/domain/text/sentence.ts';
import type { LaneView, Snapshot } from '../world/snapshot/snapshot.ts';

/** Nothing printed for this long, in ms: a person starts to wonder. */
const QUIET_MS = 3000;

/** Describes what open changes wait for, one line for each lane; empty if no change is open. */
export function describeWaits({ lanes }: Pick<Snapshot, 'lanes'>): string[] {
  return lanes.filter(({ open }) => open > 0).map(describeWait);
}

function describeWait({ tenants, open, state, note, budget }: LaneView): string {
  const who = `${tenants.join(', ')}: ${formatCount(open, 'change')} open.`;
  if (!GOES_ON.has(state)) return `${who} ${note}`;
  // The simulated ZPA answers at once, so a lane that works for seconds waits for its rate budget.
  const { readsAllowed, writesAllowed, windowSeconds } = budget;
  return `${who} Waiting for ZPA's rate limit: changes get ${readsAllowed} reads and ${writesAllowed} writes in ${windowSeconds} s.`;
}

const GOES_ON = new Set<LaneView['state']>(['idle', 'working', 'waiting']);

type Progress = Disposable & { report(line: string): void };

/**
 * Prints lines as they come. While none comes for some seconds, it prints what `waits` describes, each text once in a
 * row.
 */
export function startProgress(print: (line: string) => void, waits: () => Promise<string[]>): Progress {
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  let isClosed = false;
  const waitAnew = () => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(look, QUIET_MS);
  };
  const look = async () => {
    // A lane that cannot be read at this moment is described next time.
    const text = (await waits().catch(() => [])).join('\n');
    if (!isClosed && text !== '' && text !== last) for (const line of text.split('\n')) print(line);
    last = text;
    waitAnew();
  };
  waitAnew();
  return {
    report(line) {
      print(line);
      waitAnew();
    },
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
