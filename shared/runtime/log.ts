import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../ports/ports.ts';
import type { Environment } from './env.ts';
import { redactFields, redactText } from './redact.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;

/**
 * Writes structured JSON lines to stdout with Powertools; `service` is the function's name. `POWERTOOLS_LOG_LEVEL` sets
 * the level (by default INFO; SILENT for none). Every message and field is redacted first.
 */
export function createLog(service: string, env: Environment = {}): Log {
  const wanted = env.POWERTOOLS_LOG_LEVEL?.toUpperCase();
  const logger = new Logger({ serviceName: service, logLevel: LEVELS.find((level) => level === wanted) ?? 'INFO' });
  return {
    info: (message, fields) => logger.info(redactText(message), redactFields(fields ?? {})),
    warn: (message, fields) => logger.warn(redactText(message), redactFields(fields ?? {})),
    error: (message, fields) => logger.error(redactText(message), redactFields(fields ?? {})),
  };
}
