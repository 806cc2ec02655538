import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { openIntents } from '../../../../shared/ledger/release-intent.ts';
import { tenantLanes } from '../../../../shared/ledger/tenant-lanes.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { OpsSession } from '../../session/compose.ts';
import { forEachOpenChange } from '../../session/open-changes.ts';

/**
 * The changes of a tenant that are not settled. `inHand`: keys of those that ZPA may be carrying out, or that nobody
 * has read back.
 */
export type Standing = { open: ChangeRecord[]; inHand: string[] };

/**
 * Reads what of a tenant is open, in every lane that it has or had. Rejects with an `OpsError` if a record of these
 * lanes cannot be read, as it may be the tenant's.
 */
export async function readStanding(
  session: Pick<OpsSession, 'configuration' | 'knownLanes' | 'ledger'>,
  tenant: string,
): Promise<Standing> {
  const standing: Standing = { open: [], inHand: [] };
  const unreadable: string[] = [];
  for (const { lane } of (await tenantLanes(session)).filter((one) => one.tenant === tenant)) {
    const take = (record: ChangeRecord) => {
      if (record.ref.tenant === tenant && record.state !== 'settled') standing.open.push(record);
    };
    await forEachOpenChange(session.ledger, lane, take, (key) => unreadable.push(key));
    const members = openIntents(await session.ledger.readLane(lane)).flatMap((intent) => intent.members);
    standing.inHand.push(...members.filter(({ ref }) => ref.tenant === tenant).map(({ ref }) => ref.idempotencyKey));
  }
  if (unreadable.length === 0) return standing;
  const sentence = `Records of this tenant's customer cannot be read: ${unreadable.slice(0, 10).join(', ')}. They may be the tenant's.`;
  throw new OpsError(EXIT.unreachable, 'record-unreadable', sentence, 'Restore them: docs/runbook.md.');
}
