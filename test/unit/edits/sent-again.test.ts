import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { meetAtEachCall } from '../../fakes/meeting.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { CONFIGURATION, createIngestWorld, read } from '../ingest/ingest-world.ts';

/** A delivery of changes comes again after an edit of the configuration that would refuse it. */

const { tenants, sources } = CONFIGURATION;
const { servicenow } = sources;
const withGrants = (grants: object[]) => ({
  ...CONFIGURATION,
  sources: { ...sources, servicenow: { ...servicenow, grants } },
});

const EDITS: Record<string, object> = {
  'a grant was narrowed': withGrants([{ tenants: ['acme-prod'], actions: ['update'], groups: ['Other'] }]),
  'its grants were taken': withGrants([]),
  'its tenant has microtenants now': {
    ...CONFIGURATION,
    tenants: { ...tenants, 'acme-prod': { ...tenants['acme-prod'], microtenants: { a: '1', b: '2' } } },
  },
};

describe('a delivery of two changes that reaches two functions, of which one knows another customer of its tenant,', () => {
  const { 'acme-prod': prod } = tenants;
  const configuration = configurationSchema.parse({
    ...CONFIGURATION,
    tenants: { ...tenants, 'acme-prod': { ...prod, customerId: '8' } },
  });
  const [one, other] = ['CHG0031400/1@A', 'CHG0031400/2@A'].map((idempotencyKey) =>
    rawUpdate({ idempotencyKey, set: { enabled: true } }),
  );
  const both = { changes: [one, other] };

  it('is accepted for one of the customers, wherever they meet', async () => {
    const calls = await meetAtEachCall(() => {
      const { ledger, knownLanes } = createIngestWorld();
      const before = createIngestWorld({ ledger, knownLanes });
      return {
        ports: { ledger, knownLanes },
        program: (over) => createIngestWorld({ ...over, configuration }).send(both),
        other: () => before.send(both),
        judge: () => {
          const changes = ledger.allChanges();
          expect(changes).toHaveLength(2);
          expect(new Set(changes.map(({ ref }) => ref.lane)).size).toBe(1);
        },
      };
    });
    expect(calls).toBeGreaterThan(5);
  });

  it.each([{ accepted: one }, { accepted: other }])(
    'and is refused for a change that the other accepted before, keeps nobody from its other change',
    async ({ accepted }) => {
      const { ledger, knownLanes, send } = createIngestWorld();
      expect(read(await send(accepted)).status).toBe(202);
      const after = createIngestWorld({ ledger, knownLanes, configuration });
      expect(read(await after.send(both))).toMatchObject({ status: 409, body: { code: 'key-conflict' } });
      expect(read(await send(both)).status).toBe(202);
    },
  );
});

describe.each(Object.entries(EDITS))('a delivery that comes again after %s', (_, edit) => {
  async function edited() {
    const before = createIngestWorld();
    const first = read(await before.send(rawUpdate()));
    const { ledger, knownLanes, queue } = before;
    const world = createIngestWorld({ ledger, knownLanes, queue, configuration: configurationSchema.parse(edit) });
    return { send: world.send, first, ledger, queue };
  }

  it('gets the same answer, and nothing is accepted twice', async () => {
    const world = await edited();
    expect(world.first.status).toBe(202);
    expect(read(await world.send(rawUpdate()))).toEqual(world.first);
    expect(world.ledger.allChanges()).toHaveLength(1);
    expect(world.queue.sent).toHaveLength(1);
  });

  it('is refused with a change that is new, or another one under its key', async () => {
    const world = await edited();
    const anew = [
      { changes: [rawUpdate(), rawUpdate({ idempotencyKey: 'new' })] },
      rawUpdate({ set: { description: 'other' } }),
    ];
    for (const body of anew) expect(read(await world.send(body)).status).toBeGreaterThanOrEqual(400);
    expect(world.ledger.allChanges()).toHaveLength(1);
  });
});
