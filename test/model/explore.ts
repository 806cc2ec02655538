import { type Choice, choicesOf, isAtRest } from './choices.ts';
import { createInterner, type Interner } from './intern.ts';
import { endsInTime, restsWell } from './laws.ts';
import { createLocalTree } from './local-tree.ts';
import { holdsDesired, keepsEdits, keepsOrder, keepsSets } from './order-laws.ts';
import { firstWorld, type Scenario } from './scenario.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** A state as it was first reached; `deviations`: decisions on the way that were not the default. */
type Reached = {
  world: World;
  last: string | undefined;
  from: Reached | undefined;
  label: string;
  depth: number;
  deviations: number;
};

export type Exploration = {
  scenario: string;
  states: number;
  transitions: number;
  /** Ways through the protocol that ended, each in a state of rest that was not reached before. */
  ends: number;
  /** Places of processes, each reached by running the real code. */
  places: number;
  replays: number;
  /** False if `maxStates` ended the search. */
  complete: boolean;
  deepest: number;
  violation: { law: string; says: string; trace: string[] } | undefined;
};

/** Without bounds the search ends when every state was seen. */
export type Bounds = { maxStates?: number; maxDeviations?: number };

/** Longer than any run that still gets somewhere. */
const MAX_DEPTH = 1500;

/**
 * Every interleaving of the scenario: from each state every decision, each state once. States with fewer deviations
 * from the default come first, so that a trace that breaks a law is among the simplest.
 */
export async function explore(scenario: Scenario, { maxStates, maxDeviations }: Bounds = {}): Promise<Exploration> {
  const interner = createInterner();
  const tree = createLocalTree(interner);
  const seen = new Set<string>();
  const waiting: Reached[][] = [];
  const result = { states: 0, transitions: 0, ends: 0, deepest: 0, complete: true };
  const report = (violation: Exploration['violation']): Exploration => {
    return { scenario: scenario.name, ...result, places: tree.size, replays: tree.replays, violation };
  };

  function enter(reached: Reached): void {
    if (reached.deviations > (maxDeviations ?? reached.deviations)) return;
    const world = canonical(reached.world, interner);
    const key = keyOf(world, interner);
    if (seen.has(key)) return;
    seen.add(key);
    result.states += 1;
    result.deepest = Math.max(result.deepest, reached.depth);
    waiting[reached.deviations] ??= [];
    waiting[reached.deviations]?.push({ ...reached, world });
  }

  enter({ world: firstWorld(scenario), last: undefined, from: undefined, label: '', depth: 0, deviations: 0 });
  for (let at = nextOf(waiting); at !== undefined; at = nextOf(waiting)) {
    if (result.states > (maxStates ?? result.states)) {
      result.complete = false;
      break;
    }
    let label = 'at rest';
    try {
      if (isAtRest(at.world)) {
        judgeRest(scenario, at.world);
        result.ends += 1;
        if (at.world.unstarted.length === 0) continue;
      }
      const choices = choicesOf({ scenario, tree, world: at.world }, at.last);
      if (choices.length === 0 && !isAtRest(at.world)) throw new Violation('lane stuck', 'nothing can happen any more');
      if (at.depth > MAX_DEPTH) throw new Violation('lane stuck', `no end after ${MAX_DEPTH} decisions`);
      // The default last: the search goes on there, where its processes stand ready.
      for (const [index, choice] of [...choices.entries()].reverse()) {
        label = choice.label;
        result.transitions += 1;
        enter(follow(at, choice, await choice.go(), index));
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return report({ law: error.law, says: error.message, trace: [...traceOf(at), label] });
    }
  }
  return report(undefined);
}

/**
 * One run: the decisions listed are taken as soon as each is possible, in their order, and the default otherwise. For a
 * trace that was found once.
 */
export async function replay(scenario: Scenario, decisions: readonly string[]): Promise<World> {
  const tree = createLocalTree(createInterner());
  const wanted = [...decisions];
  let world = firstWorld(scenario);
  let last: string | undefined;
  for (let depth = 0; depth < MAX_DEPTH && !(isAtRest(world) && world.unstarted.length === 0); depth += 1) {
    const choices = choicesOf({ scenario, tree, world }, last);
    const listed = choices.find((choice) => choice.label === wanted[0]);
    const choice = listed ?? choices[0];
    if (choice === undefined) throw new Violation('lane stuck', 'nothing can happen any more');
    if (listed !== undefined) wanted.shift();
    world = await choice.go();
    last = choice.who ?? last;
  }
  if (wanted.length > 0) throw new Error(`never possible: ${wanted.join(', ')}`);
  if (!isAtRest(world)) throw new Violation('lane stuck', `no end after ${MAX_DEPTH} decisions`);
  judgeRest(scenario, world);
  return world;
}

function judgeRest(scenario: Scenario, world: World): void {
  restsWell(world);
  keepsOrder(world);
  const edited = world.edited.length > 0;
  keepsEdits(scenario, world);
  endsInTime(scenario.lasting, world);
  keepsSets(world);
  const unknown = world.failures.some((name) => /:(outcome-unknown|group-exists)$/.test(name));
  if (!edited && !unknown) holdsDesired(world);
}

function follow(from: Reached, choice: Choice, world: World, index: number): Reached {
  const deviations = from.deviations + (index === 0 ? 0 : 1);
  const last = choice.who ?? from.last;
  return { world, last, from, label: choice.label, depth: from.depth + 1, deviations };
}

/** The latest of those with the fewest deviations. */
function nextOf(waiting: Reached[][]): Reached | undefined {
  return waiting.find((some) => some !== undefined && some.length > 0)?.pop();
}

function traceOf(reached: Reached): string[] {
  const trace: string[] = [];
  for (let at: Reached | undefined = reached; at?.from !== undefined; at = at.from) trace.push(at.label);
  return trace.reverse();
}

function canonical(world: World, { canonical: same }: Interner): World {
  const { changes, lane, desired, groups, effects, underWay, messages } = world;
  return {
    ...world,
    ...{ changes: same(changes), lane: same(lane), desired: same(desired), groups: same(groups) },
    ...{ effects: same(effects), underWay: same(underWay), messages: same(messages) },
  };
}

function keyOf(world: World, { idOf }: Interner): string {
  const { changes, lane, desired, groups, effects, underWay, messages, failures, announced } = world;
  const places = world.processes.map(({ name, node, stalled }) => `${name}:${node.id}${stalled ? '!' : ''}`).sort();
  const rest = [world.rejectedMembers, world.edited, world.deduplicated, world.unstarted, world.left];
  const parts = [changes, lane, desired, groups, effects, underWay, messages, failures, announced, ...rest].map(idOf);
  return `${world.now} ${world.sequence} ${parts.join()} ${places.join()}`;
}
