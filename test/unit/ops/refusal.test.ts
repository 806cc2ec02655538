import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../functions/ops/output/exit-codes.ts';
import { refusalError } from '../../../functions/ops/session/deliver.ts';

describe('a delivery that was not accepted', () => {
  it('is told in the words of the webhook', () => {
    const refusal = { code: 'bad-change', title: 'Refused', detail: 'group is missing.', errors: [] };
    expect(refusalError(422, JSON.stringify(refusal))).toMatchObject({
      exit: EXIT.usage,
      message: 'group is missing.',
    });
  });

  it.each([
    ['a gateway whose function took too long', '{"message":"Service Unavailable"}'],
    ['a proxy', '<html>Bad Gateway</html>'],
  ])('may have been accepted where %s answers instead, which is said', (_, text) => {
    expect(refusalError(503, text)).toMatchObject({
      exit: EXIT.unreachable,
      message: 'The answer with status 503 is not one of the webhook: it is not known whether it accepted this.',
      remedy: expect.stringContaining('what was accepted is not accepted a second time'),
    });
  });
});
