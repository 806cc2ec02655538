import { expect, it } from 'vitest';
import { requestCancel, requestSupersede, settleCancelled } from '../../../../shared/domain/ledger/cancellation.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';
import { adding } from '../requests.ts';

it.each([
  ['cancelled', requestCancel],
  ['superseded', requestSupersede],
] as const)(
  'an intent with a %s member was never sent: it is forgotten, and the rest taken anew, whatever ZPA shows',
  async (ended, request) => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12');
    const changes = await world.acceptAll(adding('11'), adding('12'));
    const update = async (key: string, transition: (record: ChangeRecord) => ChangeRecord | undefined) => {
      const record = await world.read(key);
      await world.ledger.writeChange(transition(record) ?? record, record.version);
    };
    let dead = false;
    const die = <T>(answer: Promise<T>): Promise<T> => (dead ? Promise.reject(new Error('dead')) : answer);
    const ledger: typeof world.ledger = {
      ...world.ledger,
      readChange: (ref) => die(world.ledger.readChange(ref)),
      writeChange: (record, expected) => die(world.ledger.writeChange(record, expected)),
      // The canceller writes its request and reads the lane just before the intent is stored; right after, the worker dies.
      async writeLane(record, expected) {
        if (record.intent === undefined) return die(world.ledger.writeLane(record, expected));
        await update('T-1', (one) => request(one, 'desk', 'no', world.clock.now()));
        await world.ledger.writeLane(record, expected);
        dead = true;
        return die(Promise.resolve({ written: true as const }));
      },
    };
    await world.invoke(changes, { ...world.ports, ledger }).catch(() => []);
    await update('T-1', (one) => settleCancelled(one, world.clock.now()));
    expect((await world.lane()).intent?.members).toHaveLength(2);
    // Somebody's edit, which would make the outcome of a write that may have been sent unknown.
    const group = world.group();
    if (group !== undefined)
      world.tenant.groups.set(GROUP, { ...group, applicationIds: ['11'], description: 'by hand' });
    await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
    await world.settle(changes);
    expect(await world.endings()).toEqual([ended, 'applied']);
    expect(world.tenant.writes).toMatchObject([{ addedApps: ['12'] }]);
  },
);
