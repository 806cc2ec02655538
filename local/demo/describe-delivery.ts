import { z } from 'zod';
import { formatCount } from '../../shared/domain/text/sentence.ts';

const answerSchema = z.looseObject({
  result: z.string().optional(),
  reason: z.string().optional(),
  detail: z.string().optional(),
  changes: z.array(z.unknown()).optional(),
});

/**
 * The webhook's answer to a ticket, in words: `202, plan-requested`; `202, 1 change accepted`; `200, ignored:
 * not-approved`.
 */
export function describeDelivery({ status, body }: { status: number; body: unknown }): string {
  const parsed = answerSchema.safeParse(body);
  const { result, reason, detail, changes } = parsed.data ?? {};
  const count = changes && `${formatCount(changes.length, 'change')} accepted`;
  const why = status === 202 ? undefined : (reason ?? detail);
  return [String(status), [result ?? count, why].filter((word) => word !== undefined).join(': ')]
    .filter((word) => word !== '')
    .join(', ');
}
