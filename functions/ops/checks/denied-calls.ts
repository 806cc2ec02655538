import type { DeniedCalls } from '../../../shared/aws/inspect/denied-calls.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import type { Clock } from '../../../shared/ports/ports.ts';
import { forEachAtOnce } from '../../../shared/runtime/at-once.ts';
import { couldNotCheck, type Finding, formatSpan, ok, unknown, wrong } from './finding.ts';

/** `deniedCalls`: of a function since an instant, epoch ms. */
type Denials = {
  functions: readonly string[];
  deniedCalls(name: string, since: number): Promise<DeniedCalls>;
  clock: Pick<Clock, 'now'>;
};

const DAY_MS = 86_400_000;
const AT_ONCE = 3;

export const SEARCH = ['logs:FilterLogEvents'];

/** Checks that AWS denied no call of a function within the last day. */
export async function checkDeniedCalls({ functions, deniedCalls, clock }: Denials): Promise<Finding[]> {
  const found = new Map<string, Finding[]>();
  await forEachAtOnce(functions, AT_ONCE, async (name) => {
    try {
      found.set(name, judge(name, await deniedCalls(name, clock.now() - DAY_MS), clock.now()));
    } catch (error) {
      found.set(name, [couldNotCheck(error, SEARCH, name)]);
    }
  });
  return functions.flatMap((name) => found.get(name) ?? []);
}

function judge(name: string, { calls, complete }: DeniedCalls, now: number): Finding[] {
  const byAction = Map.groupBy(calls, ({ action }) => action);
  const remedy =
    'If a deployment made it, deploy again. Otherwise a boundary, a key or an organisation’s policy denies it: ask its owner.';
  const denied = [...byAction].map(([action, same]) => {
    const last = Math.max(...same.map(({ at }) => at));
    const times = formatCount(same.length, 'time');
    return wrong(`access to ${action} was denied ${times}, last ${formatSpan(now - last)} ago`, remedy, name);
  });
  if (denied.length > 0) return denied;
  if (complete) return [ok('no access denied in the last day', name)];
  return [
    unknown('partly checked: one day of its log is too long', 'Search it in the console for AccessDenied.', name),
  ];
}
