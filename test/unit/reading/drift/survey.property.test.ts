import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { laneName } from '../../../../shared/domain/lane/change-ref.ts';
import { foldDesired } from '../../../../shared/domain/ledger/desired.ts';
import { comparableText } from '../../../../shared/domain/text/same-text.ts';
import type { Zpa } from '../../../../shared/ports/ports.ts';
import { surveyLane } from '../../../../shared/reading/survey-drift.ts';
import { createFakeClock } from '../../../fakes/fake-clock.ts';
import { createMemoryLedger } from '../../../fakes/memory-ledger.ts';
import { changeRecord, outcomeOf } from '../../domain/ledger-items.ts';
import { type EditWhileRead, type Noise, noiseArbitrary, noisyZpa } from './noisy-zpa.ts';
import { approvalsOf, type Edit, editsOf, RESERVED, type Tenant, tenantArbitrary } from './tenant-model.ts';

const configuration = configurationSchema.parse({
  name: 'unit',
  tenants: { acme: { customerId: '72057594037927936', vanity: 'acme' } },
  sources: { desk: { system: 'Desk' } },
});
const LANE = laneName({ cloud: 'PRODUCTION', customerId: '72057594037927936' });

/** The report on a tenant, with the ledger of the tickets that led to `approved`, read through this noise. */
async function report(approved: Tenant, now: Tenant, noise: Noise, edit?: EditWhileRead) {
  const ledger = createMemoryLedger();
  for (const [index, one] of approvalsOf(approved).entries()) {
    const record = changeRecord(index + 1);
    const ref = { ...record.ref, lane: LANE, tenant: 'acme' };
    const outcome = outcomeOf(one.approved);
    if (!('effect' in outcome)) throw new Error('it approves something');
    const summary = { name: one.name, description: '', enabled: true, applicationCount: 0 };
    const effect = { ...outcome.effect, before: summary, after: one.approved.deleted ? null : summary };
    const desired = foldDesired(undefined, { ...record, ref, outcome: { ...outcome, effect } });
    if (desired !== undefined) await ledger.writeDesired(desired, 0);
  }
  const zpa = noisyZpa(now, noise, edit) as unknown as Zpa;
  const ports = {
    ...{ ledger, clock: createFakeClock(), pausesMs: [] },
    zpaOf: () => zpa,
    settings: {
      nameWriter: (seen: { id: string; of: 'group' | 'application' }) => ({ ...seen, kind: 'unknown' as const }),
      patternOf: ({ name }: { name: string }) => (name.startsWith(RESERVED) ? ('owned' as const) : ('none' as const)),
    },
  };
  return (await surveyLane(ports, configuration, LANE, new AbortController().signal)).report;
}

const copy = (tenant: Tenant): Tenant => structuredClone(tenant);

/** The parts of a finding that an edit determines; groups by id, and texts in the form in which they are compared. */
function essence({ kind, group, facet, before, after, from, to, deletedId }: Finding) {
  const place = typeof to === 'object' ? to.id : to;
  return {
    ...{ kind, group: group.id, facet, before: comparableText(before), after: comparableText(after) },
    ...(from && { from: from.id }),
    ...(place !== undefined && { to: place }),
    ...(deletedId !== undefined && { deletedId }),
  };
}

const toldOf = ({ told }: Edit) => ({
  ...told,
  before: comparableText(`${told.before}`),
  after: comparableText(`${told.after}`),
});

const edited = tenantArbitrary.chain((tenant) => fc.constantFrom(...editsOf(tenant)).map((edit) => ({ tenant, edit })));

describe('a tenant that is as its tickets approved it', () => {
  it('has no finding, in whatever order, pages, escaping and form it is read', async () => {
    await fc.assert(
      fc.asyncProperty(tenantArbitrary, noiseArbitrary(false), async (tenant, noise) => {
        const { findings, complete, coverage, unmanaged } = await report(tenant, tenant, noise);
        expect(findings).toEqual([]);
        expect(complete).toBe(true);
        const count = (managed: string) => tenant.groups.filter((group) => group.managed === managed).length;
        expect(coverage).toMatchObject({ fullyStated: count('all'), partlyStated: count('part'), notChecked: 0 });
        expect(unmanaged).toHaveLength(count('none'));
      }),
      { numRuns: 200 },
    );
  });

  it('has no finding while its pages shift, whatever could not be read then', async () => {
    await fc.assert(
      fc.asyncProperty(tenantArbitrary, noiseArbitrary(true), async (tenant, noise) => {
        const { findings, complete, notChecked } = await report(tenant, tenant, noise);
        expect(findings).toEqual([]);
        expect(complete).toBe(notChecked.length === 0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a single edit', () => {
  it('is exactly one finding, of its kind, with what was and what is', async () => {
    await fc.assert(
      fc.asyncProperty(edited, noiseArbitrary(false), async ({ tenant, edit }, noise) => {
        const now = copy(tenant);
        edit.apply(now);
        const { findings, complete } = await report(tenant, now, noise);
        expect(findings.map(essence)).toEqual([toldOf(edit)]);
        expect(complete).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is that finding or none while pages shift', async () => {
    await fc.assert(
      fc.asyncProperty(edited, noiseArbitrary(true), async ({ tenant, edit }, noise) => {
        const now = copy(tenant);
        edit.apply(now);
        const { findings } = await report(tenant, now, noise);
        expect([[], [toldOf(edit)]]).toContainEqual(findings.map(essence));
      }),
      { numRuns: 200 },
    );
  });

  it('of a field or a membership is that finding or none where it is made between two pages', async () => {
    const inPart = edited.filter(({ edit }) => edit.told.facet !== 'exists');
    await fc.assert(
      fc.asyncProperty(inPart, noiseArbitrary(false), fc.nat(9), async ({ tenant, edit }, noise, after) => {
        const { findings } = await report(tenant, copy(tenant), noise, { after, apply: edit.apply });
        expect([[], [toldOf(edit)]]).toContainEqual(findings.map(essence));
      }),
      { numRuns: 500 },
    );
  });
});
