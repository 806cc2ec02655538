import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { rejectionOf } from '../../../../shared/domain/outcome/reject.ts';

const fault = (code: string, more: Partial<ZpaFault> = {}): ZpaFault => ({
  code,
  class: 'permanent',
  scope: 'change',
  effect: 'none',
  ...more,
});

describe('what ZPA refused', () => {
  it.each<[ZpaFault, string]>([
    [fault('not-found'), 'group-not-found'],
    [fault('already-exists'), 'group-exists'],
    [fault('read-only'), 'group-read-only'],
    [fault('referenced', { params: ['APPLICATION'] }), 'group-not-empty'],
    [fault('referenced', { params: ['policy rule'], reason: 'the application' }), 'group-in-use'],
    [fault('referenced', { reason: 'holds applications' }), 'group-not-empty'],
    [fault('referenced'), 'group-in-use'],
    [fault('anything'), 'zpa-refused'],
  ])('as %o is %s, with what it said', (refused, code) => {
    expect(rejectionOf(refused, 'update')).toMatchObject({ kind: 'rejected', code, zpaError: refused });
    expect(rejectionOf({ ...refused, reason: 'application: because' }, 'update').sentence).toContain('because');
  });

  it('is called by its code where it said nothing', () => {
    expect(rejectionOf(fault('not-found'), 'delete').sentence).toContain('fault not-found');
    expect(rejectionOf(fault('odd'), 'delete').sentence).toContain('delete');
  });
});
