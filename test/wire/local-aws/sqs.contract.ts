import { afterAll, beforeAll, describe, it } from 'vitest';
import { deadLetterRules } from './contract/dead-letters.ts';
import { fifoRules } from './contract/fifo.ts';
import { moveTaskRules } from './contract/move-tasks.ts';
import { queueRules } from './contract/queues.ts';
import { receiveRules } from './contract/receive.ts';
import { type Bench, createBench, type SqsUnderTest } from './contract/rule.ts';
import { sendRules } from './contract/send.ts';
import { visibilityRules } from './contract/visibility.ts';

const SQS_RULES = [
  ...queueRules,
  ...sendRules,
  ...receiveRules,
  ...fifoRules,
  ...visibilityRules,
  ...deadLetterRules,
  ...moveTaskRules,
];

/**
 * SQS's promises, rule by rule, each with the page of AWS's documentation that states it. The same rules hold our own
 * endpoint, moto and a real account.
 *
 * @param gaps rules (their sentences) that this implementation is known to break, with what it does instead
 */
export function sqsContract(
  name: string,
  makeClient: () => Promise<SqsUnderTest>,
  gaps: Readonly<Record<string, string>> = {},
): void {
  const unknown = Object.keys(gaps).filter((says) => !SQS_RULES.some((rule) => rule.says === says));
  if (unknown.length > 0) throw new Error(`gaps name no rule: ${unknown.join('; ')}`);
  describe(`SQS contract: ${name}`, () => {
    let subject: SqsUnderTest;
    let bench: Bench;
    beforeAll(async () => {
      subject = await makeClient();
      bench = createBench(subject);
    });
    afterAll(async () => {
      await bench?.close();
      await subject?.close();
    });
    for (const rule of SQS_RULES) {
      const gap = gaps[rule.says];
      it(`${rule.says} [${rule.page}]`, async ({ skip }) => {
        if (gap !== undefined) skip(`known gap: ${gap}`);
        if ((rule.waitsSeconds ?? 0) > subject.patienceSeconds) skip(`would take ${rule.waitsSeconds} s`);
        await rule.holds(bench);
      });
    }
  });
}
