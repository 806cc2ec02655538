import { describe, expect, it } from 'vitest';
import { judgeResponse } from '../../../../local/lambda/batch-response.ts';

const ids = ['m1', 'm2', 'm3'];
const judge = (result: unknown) => {
  const { outcome, failed } = judgeResponse(result, ids);
  return { outcome, failed: [...failed] };
};

describe('partial batch responses, by "Handling errors for an SQS event source in Lambda"', () => {
  it.each([[null], [undefined], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    'takes %j for complete success',
    (result) => {
      expect(judge(result)).toEqual({ outcome: 'succeeded', failed: [] });
    },
  );

  it.each([
    ['text'],
    [42],
    [{ batchItemFailures: 'm1' }],
    [{ batchItemFailures: ['m1'] }],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ messageId: 'm1' }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm9' }] }],
  ])('takes %j for complete failure', (result) => {
    expect(judge(result)).toEqual({ outcome: 'malformed-response', failed: ids });
  });

  it('returns exactly the records that are named', () => {
    const result = {
      batchItemFailures: [{ itemIdentifier: 'm3' }, { itemIdentifier: 'm2' }, { itemIdentifier: 'm2' }],
    };
    expect(judge(result)).toEqual({ outcome: 'partial', failed: ['m3', 'm2'] });
  });
});
