import { describe, expect, it } from 'vitest';
import { createRoundHandler } from '../../../functions/round/handler.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { type DriftRequest, driftRequestSchema } from '../../../shared/domain/drift/drift-request.ts';
import { createFakeClock, TEST_START } from '../../fakes/fake-clock.ts';
import { createRecordingLog } from '../../fakes/recording.ts';

/** Three hundred customers, the first of them with two tenants. */
const tenants = Object.fromEntries(
  Array.from({ length: 301 }, (_, n) => [`t${n}`, { customerId: String(Math.max(1, n)), vanity: 'acme' }]),
);
const configuration = configurationSchema.parse({ name: 'unit', tenants, sources: {} });

describe('a drift round', () => {
  it('asks for each lane once, whatever its lanes hold', async () => {
    const sent: DriftRequest[] = [];
    const queue = { send: async (requests: readonly DriftRequest[]) => void sent.push(...requests) };
    const handler = createRoundHandler({ configuration, queue, clock: createFakeClock(), log: createRecordingLog() });
    expect(await handler({})).toEqual({ lanes: 300 });
    expect(new Set(sent.map(({ lane }) => lane)).size).toBe(300);
    expect(driftRequestSchema.parse(sent[0])).toEqual({
      ...{ schemaVersion: 1, lane: 'PRODUCTION:1', askedAt: TEST_START },
    });
  });

  it('fails, to be repeated, where a lane could not be asked for', async () => {
    const queue = { send: () => Promise.reject(new Error('SQS does not answer')) };
    const handler = createRoundHandler({ configuration, queue, clock: createFakeClock(), log: createRecordingLog() });
    await expect(handler({})).rejects.toThrow('SQS does not answer');
  });
});
