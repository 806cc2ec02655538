import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRequest } from '../../fuzz/fuzz-property.ts';

/** The corpus of `npm run fuzz`, small. */
describe('whatever request comes, over the whole ingest path', () => {
  it('no 5xx, nothing read that was not proved, nothing of it or of a secret in a log', async () => {
    const statuses = new Set<number>();
    const property = anyRequest((answered) => {
      for (const status of answered) statuses.add(status);
    });
    await fc.assert(property, { numRuns: 3000 });
    for (const status of [200, 202, 400, 401, 403, 404, 405, 415, 422]) expect(statuses).toContain(status);
  });
});
