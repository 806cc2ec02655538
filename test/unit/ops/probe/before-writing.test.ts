import { describe, expect, it } from 'vitest';
import { heldBack } from '../../../../functions/ops/probe/held-back.ts';
import { patientZpa } from '../../../../functions/ops/probe/patient-zpa.ts';
import { freezesSchema } from '../../../../shared/domain/configuration/freeze.ts';
import type { ZpaWrite } from '../../../../shared/domain/records/intent.ts';
import { createFakeClock, TEST_START } from '../../../fakes/fake-clock.ts';
import { aFault, createMemoryTenant } from '../../../fakes/memory-zpa.ts';

describe('a probe is held back', () => {
  const open = { freezes: [], mode: 'apply' } as const;
  const frozen = (until: string) => freezesSchema.parse([{ from: '2026-11-01T00:00:00Z', until }]);

  it('by what holds back changes', () => {
    expect(heldBack({ ...open, freezes: [] }, {}, TEST_START)).toBeUndefined();
    const freezes = frozen('2026-12-24T00:00:00Z');
    expect(heldBack({ ...open, freezes }, {}, TEST_START)).toBe('the tenant is frozen until 2026-12-24T00:00:00.000Z');
    expect(heldBack({ ...open, freezes: frozen('2026-11-24T00:00:00Z') }, {}, TEST_START)).toBeUndefined();
    for (const mode of ['paused', 'plan-only'] as const)
      expect(heldBack({ freezes: [], mode }, {}, TEST_START)).toContain(mode);
    const paused = { by: 'lena', reason: 'maintenance', since: 0 };
    expect(heldBack({ ...open, freezes: [] }, { paused }, TEST_START)).toBe('its lane is paused by lena: maintenance');
  });
});

describe('a write of a probe', () => {
  const write: ZpaWrite = {
    kind: 'create',
    name: 'A',
    description: '',
    enabled: false,
    configSpace: 'DEFAULT',
    applicationIds: [],
    microtenantId: '0',
  };

  async function writeWith(fault: Parameters<typeof aFault>[0]) {
    const clock = createFakeClock();
    const tenant = createMemoryTenant(clock);
    let calls = 0;
    tenant.interfere = () => {
      calls += 1;
      return calls === 1 ? { fault: aFault(fault) } : undefined;
    };
    const zpa = tenant.client({ take: async () => () => undefined, obey: () => undefined });
    const done = await patientZpa(zpa, clock)
      .write(write, null)
      .then(
        () => 'written',
        () => 'failed',
      );
    return { done, calls, slept: clock.slept };
  }

  it('is repeated if ZPA certainly did not act on it, after the pause that ZPA asks for', async () => {
    const limited = await writeWith({ code: 'rate-limited', class: 'transient', scope: 'tenant', retryAfterMs: 7000 });
    expect(limited).toEqual({ done: 'written', calls: 2, slept: [7000] });
  });

  it('is never repeated if ZPA may have acted on it, or refused it', async () => {
    const lost = await writeWith({ code: 'connection-lost', class: 'transient', scope: 'tenant', effect: 'unknown' });
    expect(lost).toMatchObject({ done: 'failed', calls: 1 });
    expect(await writeWith({ code: 'forbidden', status: 403 })).toMatchObject({ done: 'failed', calls: 1 });
  });
});
