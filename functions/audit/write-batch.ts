import { lineText } from '../../shared/domain/audit/audit-line.ts';
import { outcomeLineOf } from '../../shared/domain/audit/outcome-line.ts';
import { readNotice } from '../../shared/domain/notice/read-notice.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import type { AuditPorts } from './ports.ts';

/**
 * Writes the lines of a batch of outcomes, side by side, and returns the ids of the messages that must come again. A message names
 * the change; what the line says is read from the ledger. The key follows from the ledger's record, so a message that comes
 * twice finds its line there.
 */
export async function writeBatch(audit: AuditPorts, messages: readonly QueueRecord[]): Promise<string[]> {
  const written = await Promise.all(messages.map((message) => tryLine(audit, message)));
  return messages.filter((_, index) => written[index] === false).map(({ messageId }) => messageId);
}

/** Resolves to false for a message that must come again, and in the end waits for a person. */
async function tryLine(audit: AuditPorts, message: QueueRecord): Promise<boolean> {
  try {
    return await writeLine(audit, message);
  } catch (error) {
    return fail(audit, message, errorCode(error) ?? 'unknown', error);
  }
}

async function writeLine(audit: AuditPorts, message: QueueRecord): Promise<boolean> {
  const notice = readNotice(message.body);
  if (notice.kind === 'other' || notice.kind === 'drift') return true;
  if (notice.kind === 'malformed') return fail(audit, message, 'notice-malformed');
  const record = await audit.ledger.readChange(notice.ref);
  const found = record && outcomeLineOf(record, notice.generation);
  if (found === undefined) return fail(audit, message, 'outcome-unknown');
  const result = await audit.trail.put(found.key, lineText(found.line));
  if (result === 'written') audit.meter.count('AuditLines', 1);
  return true;
}

function fail({ log, meter }: AuditPorts, { messageId }: QueueRecord, code: string, error?: unknown): false {
  log.error('an audit line was not written', { code, messageId, error });
  meter.count('AuditFailed', 1);
  return false;
}
