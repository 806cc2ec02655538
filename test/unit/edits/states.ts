import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { aFault } from '../../fakes/memory-zpa.ts';
import { GROUP } from '../apply/lane-world.ts';
import { type EditedWorld, rename, SECOND } from './edited-world.ts';

/**
 * The states of the change T-1 in which an edit takes effect, by their names in docs/configuration-edits.md. `end` answers
 * its ending in the words of that table; by default that is its outcome.
 */
type State = { reach(world: EditedWorld): Promise<void>; end?(world: EditedWorld): Promise<string> };

const DESK = 'https://desk.example';
const away = aFault({ code: 'unreachable', class: 'transient', scope: 'tenant', effect: 'none' });
const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });

const states: Record<string, State> = {
  /** Its message was not sent yet. */
  accepted: {
    async reach(world) {
      await renaming(world);
      const record = await world.read('T-1');
      await world.ledger.writeChange({ ...record, state: 'accepted', sentAt: 0 }, record.version);
    },
  },
  scheduled: {
    async reach(world) {
      const scheduledFor = world.clock.now() + 300_000;
      const notBefore = new Date(scheduledFor).toISOString();
      const record = await world.accept('T-1', { ...rename('Depot', { id: GROUP }), notBefore });
      await world.ledger.writeChange({ ...record, state: 'scheduled', scheduledFor }, record.version);
    },
  },
  /** The worker died after it named the change. A later change refers to the name that T-1 gives. */
  named: {
    async reach(world) {
      await world.accept('T-1', rename('Depot', { name: 'Warehouse' }));
      await world.accept('T-2', { action: 'update', group: { name: 'Depot' }, set: { enabled: true } });
      world.tenant.interfere = () => {
        throw new Error('the process ended');
      };
      await world.work();
    },
  },
  'sent, in effect': { reach: (world) => renamingUnanswered(world, 'after') },
  'sent, without effect': { reach: (world) => renamingUnanswered(world, 'before') },
  'half moved': {
    async reach(world) {
      const applications = { add: [{ id: '11' }] };
      await world.accept('T-1', { action: 'update', group: { id: SECOND }, applications, takeFromOtherGroups: true });
      world.tenant.interfere = (method) =>
        method === 'write' && world.writes().length === 1 ? { fault: away } : undefined;
      await world.work();
    },
  },
  'awaiting read-back': {
    async reach(world) {
      await renaming(world);
      await world.accept('T-2', rename('Annex', { id: SECOND }));
      world.tenant.interfere = () => (world.writes().length === 2 ? { fault: away } : undefined);
      await world.work();
    },
  },
  'sends owed': {
    async reach(world) {
      await renaming(world);
      await world.accept('T-2', rename('Nowhere', { id: '404' }));
      const { outcomes } = world.ports;
      world.ports.outcomes = { publish: () => Promise.reject(new Error('SNS is away')) };
      await world.work();
      await world.clock.advance(120_000);
      await world.work();
      world.ports.outcomes = outcomes;
    },
    async end(world) {
      await world.goOn();
      const told = world.outcomes.published.map(({ ref }) => ref.idempotencyKey);
      const isSent = told.includes('T-1') && told.includes('T-2');
      const isFailure = world.failures.sent.some(({ ref }) => ref?.idempotencyKey === 'T-2');
      return isSent && isFailure ? 'sent' : 'lost';
    },
  },
  'to be told': {
    async reach(world) {
      await renaming(world);
      await world.goOn();
    },
    async end(world) {
      const [told = 'not told'] = await world.tell();
      await world.goOn();
      if (!told.startsWith('https:')) return told === 'waits' ? await toldAtLast(world) : told;
      return told === DESK ? 'told' : `told at ${told}`;
    },
  },
  're-opened': {
    async reach(world) {
      await rejected(world);
      const { kind } = await redriveChange(world.ports, (await world.read('T-1')).ref, 1);
      if (kind !== 'reopen') throw new Error(`the redrive is ${kind}`);
    },
  },
  'rejected, retried': {
    reach: rejected,
    async end(world) {
      const { ref } = await world.read('T-1');
      const decision = await redriveChange(world.ports, ref, 1);
      const ending = await outcomeOf(world);
      return decision.kind === 'refused' ? `refused: ${decision.refusal.code}` : ending;
    },
  },
};
export const STATES: readonly string[] = Object.keys(states);

/** A notice that waits is told once the edit is taken back. */
async function toldAtLast(world: EditedWorld): Promise<string> {
  world.takeEditBack();
  return (await world.tell()).includes(DESK) ? 'waits' : 'lost';
}

async function renaming(world: EditedWorld): Promise<void> {
  await world.accept('T-1', rename('Depot', { id: GROUP }));
  if (world.writes().length > 0) throw new Error('nothing is written yet');
}

async function rejected(world: EditedWorld): Promise<void> {
  await renaming(world);
  world.addGroup({ readOnly: true });
  await world.goOn();
  world.addGroup();
}

async function renamingUnanswered(world: EditedWorld, effect: 'before' | 'after'): Promise<void> {
  await renaming(world);
  world.tenant.interfere = (method) => (method === 'write' ? { fault: lost, effect } : undefined);
  await world.work();
}

async function outcomeOf(world: EditedWorld): Promise<string> {
  const { waited } = await world.goOn();
  const { outcome } = await world.read('T-1');
  const ending = outcome?.kind === 'rejected' ? outcome.code : (outcome?.kind ?? 'none');
  return waited ? `waits, then ${ending}` : ending;
}

function stateCalled(name: string): State {
  const state = states[name];
  if (state === undefined) throw new Error(`no state is called ${name}`);
  return state;
}

export const reach = (world: EditedWorld, state: string) => stateCalled(state).reach(world);
export const endingIn = (world: EditedWorld, state: string) => (stateCalled(state).end ?? outcomeOf)(world);
