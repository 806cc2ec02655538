import { describe, expect, it } from 'vitest';
import { all } from '../../contract/ledger.contract.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { aChange, TEST_LANE } from '../../fakes/records.ts';

describe('an interrupted port', () => {
  const failing = (method: string, phase: PortCall['phase']) => {
    const memory = createMemoryLedger();
    const ledger = interrupted(memory, 'ledger', (call) => {
      if (call.method === method && call.phase === phase) throw new Error(`crash ${phase} ${call.index}`);
    });
    return { memory, ledger };
  };

  it('crashes before a call without its effect', async () => {
    const { memory, ledger } = failing('writeChange', 'before');
    await ledger.readLane(TEST_LANE);
    await expect(ledger.writeChange(aChange(), 0)).rejects.toThrow('crash before 2');
    expect(memory.allChanges()).toEqual([]);
  });

  it('crashes after a call with its effect', async () => {
    const { memory, ledger } = failing('writeChange', 'after');
    await expect(ledger.writeChange(aChange(), 0)).rejects.toThrow('crash after 1');
    expect(memory.allChanges()).toHaveLength(1);
  });

  it('passes everything else on, also iterators', async () => {
    const { ledger } = failing('readLane', 'before');
    await ledger.writeChange(aChange({ failed: true }), 0);
    expect(await all(ledger.failedChanges(TEST_LANE))).toHaveLength(1);
    await expect(ledger.readLane(TEST_LANE)).rejects.toThrow('crash before 3');
  });
});
