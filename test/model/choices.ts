import type { Answer } from './call.ts';
import { instants, mayPassTo, nextSweepAt, sweepable } from './events.ts';
import { takesEffect } from './laws.ts';
import { isOpen } from './ledger-calls.ts';
import type { LocalTree } from './local-tree.ts';
import { sweeperProgram } from './programs.ts';
import type { Scenario } from './scenario.ts';
import { spawn, spawnWorker } from './spawn.ts';
import { stepOptions } from './steps.ts';
import { once, type Process, type World, withoutProcess, withProcess } from './world.ts';
import { CONSOLE, takeEffect } from './zpa-calls.ts';

/** One decision of the scheduler. */
export type Choice = { label: string; who?: string; go: () => Promise<World> };

type At = { scenario: Scenario; tree: LocalTree; world: World };

/** Everything that may happen next. The first is what happens by default; `last` is who went last. */
export function choicesOf(at: At, last: string | undefined): Choice[] {
  const { world } = at;
  const steps = [...world.processes]
    .sort((a, b) => Number(b.name === last) - Number(a.name === last))
    .map((process) => (process.stalled ? [] : stepsOf(at, process)));
  const runnable = steps.some((ways) => ways.length > 0);
  const events = [...startsOf(at), ...deliveriesOf(at)];
  const idle = !runnable && events.length === 0;
  return [
    ...steps.flatMap((ways) => ways.slice(0, 1)),
    ...events,
    ...(idle ? passing(at) : []),
    ...steps.flatMap((ways) => ways.slice(1)),
    ...underWay(at),
    ...crashes(at),
    ...edits(at),
    ...duplicates(at),
    ...sweeps(at, idle),
    ...stalls(at),
  ];
}

/** Nothing is under way, nothing will come by itself, and nothing is left to do. */
export function isAtRest(world: World): boolean {
  const busy = world.processes.length + world.messages.length + world.underWay.length;
  return busy === 0 && !Object.values(world.changes).some(isOpen);
}

function stepsOf({ scenario, tree, world }: At, process: Process): Choice[] {
  const { pending } = process.node;
  const { name: who } = process;
  if (pending.to === 'process.end') {
    const gone = withoutProcess(world, who);
    const again = pending.retried;
    const done = process.messages.filter((id) => !again.includes(id) && !again.includes('*'));
    const messages = gone.messages.filter(({ id }) => !done.includes(id));
    return [{ label: `${who} ends`, who, go: async () => ({ ...gone, messages }) }];
  }
  return stepOptions(scenario, world, process).map(({ label, go }) => ({
    label: `${who}: ${pending.to}${label}`,
    who,
    go: async () => {
      const done = go();
      return withProcess(done.world, await advanced(tree, process, done.answer, world.now));
    },
  }));
}

async function advanced(tree: LocalTree, process: Process, answer: Answer, now: number): Promise<Process> {
  const { pending } = process.node;
  const stored = pending.to === 'ledger.writeLane' ? pending.record.intent : undefined;
  const node = await tree.next(process.node, answer, now);
  return { ...process, node, intent: stored ?? process.intent };
}

function startsOf(at: At): Choice[] {
  const { scenario, world } = at;
  return (scenario.starters ?? [])
    .filter(({ name, when }) => world.unstarted.includes(name) && (when?.(world) ?? true))
    .map(({ name, program }) => ({
      label: `${name} starts`,
      who: name,
      go: () => {
        const unstarted = world.unstarted.filter((one) => one !== name);
        return spawn(at, { ...world, unstarted }, name, program);
      },
    }));
}

function freeWorker({ scenario, world }: At): string | undefined {
  const names = Array.from({ length: scenario.workers ?? 2 }, (_, index) => `worker-${index + 1}`);
  return names.find((name) => !world.processes.some((one) => one.name === name));
}

function deliveriesOf(at: At): Choice[] {
  const { scenario, world } = at;
  const worker = freeWorker(at);
  const visible = world.messages.filter((one) => one.visibleAt <= world.now);
  if (worker === undefined || visible.length === 0) return [];
  const batches = scenario.singles && visible.length > 1 ? [visible, visible.slice(0, 1)] : [visible];
  return batches.map((batch) => ({
    label: `${worker} gets ${batch.map((one) => one.id).join(', ')}`,
    who: worker,
    go: () => spawnWorker(at, world, worker, batch),
  }));
}

function duplicates(at: At): Choice[] {
  const { world } = at;
  const worker = freeWorker(at);
  const held = new Set(world.processes.flatMap((one) => one.messages));
  const again = world.messages.filter((one) => held.has(one.id) && one.visibleAt > world.now);
  if (worker === undefined || again.length === 0 || world.left.duplicates === 0) return [];
  const less = { ...world, left: once(world.left, 'duplicates') };
  const label = `${worker} gets once more ${again.map((one) => one.id).join(', ')}`;
  return [{ label, who: worker, go: () => spawnWorker(at, less, worker, again) }];
}

function underWay({ world }: At): Choice[] {
  return world.underWay.map((flight) => ({
    label: `late effect: ${flight.what}`,
    go: async () => {
      const rest = { ...world, underWay: world.underWay.filter((one) => one !== flight) };
      const { write, until: _until, ...effect } = flight;
      const done = takeEffect(rest, write, effect);
      if (done === undefined) return rest;
      takesEffect(rest, effect);
      return done.world;
    },
  }));
}

function crashes({ world }: At): Choice[] {
  if (world.left.crashes === 0) return [];
  const left = once(world.left, 'crashes');
  return world.processes.map(({ name, node }) => ({
    label: `${name} dies before ${node.pending.to}`,
    go: async () => ({ ...withoutProcess(world, name), left }),
  }));
}

function edits({ scenario, world }: At): Choice[] {
  if (world.left.edits === 0) return [];
  const left = once(world.left, 'edits');
  return (scenario.edits ?? []).flatMap(({ label, groupId, change }) => {
    const group = world.groups[groupId];
    if (group === undefined) return [];
    const edited = { ...group, ...change(group), modifiedBy: CONSOLE, modifiedTime: Math.floor(world.now / 1000) };
    const groups = { ...world.groups, [groupId]: edited };
    return [
      { label: `console: ${label}`, go: async () => ({ ...world, groups, left, edited: [...world.edited, label] }) },
    ];
  });
}

/** In a quiet world the schedule brings the sweeper; in a busy one it may come in between. */
function sweeps(at: At, idle: boolean): Choice[] {
  const { world } = at;
  if (world.processes.some((one) => one.name === 'sweeper')) return [];
  const quiet = idle && world.processes.length + world.messages.length + world.underWay.length === 0;
  if (quiet) {
    const when = nextSweepAt(world);
    if (when === undefined) return [];
    const go = () => spawn(at, { ...world, now: when }, 'sweeper', sweeperProgram);
    return [{ label: 'the sweeper comes', who: 'sweeper', go }];
  }
  if (world.left.sweeps === 0 || !sweepable(world)) return [];
  const left = once(world.left, 'sweeps');
  const go = () => spawn(at, { ...world, left }, 'sweeper', sweeperProgram);
  return [{ label: 'the sweeper comes in between', who: 'sweeper', go }];
}

/** No process can act before the next instant at which something changes by itself. */
function passing({ world }: At): Choice[] {
  const [now] = instants(world);
  if (now === undefined || !mayPassTo(world, now)) return [];
  const processes = world.processes.filter((one) => one.killAt > now);
  return [{ label: `${(now - world.now) / 1000} s pass`, go: async () => ({ ...world, now, processes }) }];
}

function stalls({ world }: At): Choice[] {
  const left = once(world.left, 'pauses');
  return world.processes.flatMap((process) => {
    const { name: who, stalled, node } = process;
    const turned = withProcess(world, { ...process, stalled: !stalled });
    if (stalled) return [{ label: `${who} wakes`, who, go: async () => turned }];
    if (left.pauses < 0) return [];
    return [{ label: `${who} stalls before ${node.pending.to}`, go: async () => ({ ...turned, left }) }];
  });
}
