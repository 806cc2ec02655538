import type { Zpa } from '../../../shared/ports/ports.ts';
import type { LaneSession } from './lane-session.ts';

/**
 * Notes the API client that is about to write. What read-backs have shown as our stamp holds for one client: after the secret
 * names another one, the stamp of the old one would make our own writes look foreign, so it is forgotten.
 */
export function noteClient(session: LaneSession, zpa: Pick<Zpa, 'clientKey'>, tenant: string): void {
  const client = zpa.clientKey?.();
  const { learned } = session.lane();
  if (client === undefined || client === learned[tenant]?.client) return;
  session.stage({ learned: { ...learned, [tenant]: { client } } });
}
