import { describe, expect, it } from 'vitest';
import { deduplicationId, failureId, laneName, lanesOf, refKey } from '../../../../shared/domain/lane/change-ref.ts';
import { aRef } from '../../../fakes/records.ts';

describe('a lane', () => {
  it('is one cloud and customer, whatever tenants are configured for it', () => {
    const prod = { cloud: 'PRODUCTION', customerId: '1' };
    const tenants = { a: prod, b: { ...prod, cloud: 'BETA' }, c: prod };
    expect([...lanesOf({ tenants })]).toEqual([
      ['PRODUCTION:1', ['a', 'c']],
      ['BETA:1', ['b']],
    ]);
    expect(laneName(prod)).toBe('PRODUCTION:1');
  });
});

const ref = aRef('K');
const others = [
  aRef('K', { lane: 'L' }),
  aRef('K', { source: 'other' }),
  aRef('K', { tenant: 'other' }),
  aRef('other'),
];

describe('the deduplication id of a message', () => {
  const id = (of = ref, fingerprint = 'f', generation = 1, reason: Parameters<typeof deduplicationId>[3] = 'accept') =>
    deduplicationId(of, fingerprint, generation, reason);

  it('is the same for the same message, and as SQS takes it', () => {
    expect(id()).toBe(id(aRef('K')));
    expect(id()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another one for every other change, body, generation and reason', () => {
    const all = [id(), ...others.map((one) => id(one)), id(ref, 'g'), id(ref, 'f', 2), id(ref, 'f', 1, 'sweep')];
    expect(new Set(all).size).toBe(8);
  });
});

describe('the id of a failure', () => {
  it('is one per change and generation, and no message has it', () => {
    const all = [failureId(ref, 1), failureId(ref, 2), ...others.map((one) => failureId(one, 1))];
    expect(new Set(all).size).toBe(6);
    expect(failureId(ref, 1)).toBe(failureId(aRef('K'), 1));
    expect(failureId(ref, 1)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the key of a change', () => {
  it('is one per source, tenant and idempotency key', () => {
    expect(refKey(ref)).toBe('helpdesk#acme-test#K');
  });
});
