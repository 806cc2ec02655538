import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../ports/ports.ts';
import type { Environment } from './env.ts';
import { redactFields, redactText } from './redact.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;

/**
 * Structured JSON lines on stdout, as Powertools writes them, `service` being the function's name. Level from
 * `POWERTOOLS_LOG_LEVEL` (INFO unless told; SILENT for none). Everything passes `redactFields` first.
 */
export function createLog(service: string, env: Environment = {}): Log {
  const asked = env.POWERTOOLS_LOG_LEVEL?.toUpperCase();
  const logger = new Logger({ serviceName: service, logLevel: LEVELS.find((level) => level === asked) ?? 'INFO' });
  return {
    info: (message, fields) => logger.info(redactText(message), redactFields(fields ?? {})),
    warn: (message, fields) => logger.warn(redactText(message), redactFields(fields ?? {})),
    error: (message, fields) => logger.error(redactText(message), redactFields(fields ?? {})),
  };
}
