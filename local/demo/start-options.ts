import { parseArgs } from 'node:util';
import { z } from 'zod';
import { describeIssue } from '../../shared/domain/change/field-wording.ts';
import { LIMIT_MODES } from '../zpa-simulator/behaviour/rate-limits.ts';

export const HELP = `npm start -- [options]

Starts the whole system on this machine, sends the sample tickets, files and approves one ticket in each ticket system,
prints the results, and serves a page until you stop it.

  --port N          port of the page (default 8788; 0: any free port)
  --data DIR        keep all data in DIR and continue from it next time (default: data is discarded on exit)
  --settings FILE   use the sources of FILE instead of the sample sources; tenants and ticket systems stay simulated
  --time-factor N   run N times faster than real time (default 1)
  --limits MODE     rate limits of the simulated ZPA: ${LIMIT_MODES.join(' | ')}
                    (default documented; off with a time factor)
  --tls-cert FILE   with --tls-key: the simulated ZPA also speaks https, and CONNECT as a proxy for Zscaler's own host
  --tls-key FILE    names, on its port (both PEM)
  --log LEVEL       log level of the functions: DEBUG | INFO | WARN | ERROR (default: no log)
  --show-secrets    print the webhook signing secrets, for sending deliveries with other tools
  --no-samples      do not send the samples
  --exit            stop when all changes are complete; exit code 0 if every accepted change has an outcome, no
                    notification is pending, and each filed ticket shows its result
  --help            show this help
`;

const schema = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(8788),
  data: z.string().min(1).optional(),
  settings: z.string().min(1).optional(),
  'time-factor': z.coerce.number().min(1).max(1000).default(1),
  /** Absent: as documented in real time, off where time runs faster, because ZPA's window does not. */
  limits: z.enum(LIMIT_MODES).optional(),
  'tls-cert': z.string().min(1).optional(),
  'tls-key': z.string().min(1).optional(),
  log: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).optional(),
  'show-secrets': z.boolean().default(false),
  samples: z.boolean().default(true),
  exit: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type StartOptions = z.output<typeof schema>;

/** Options of `npm start`, or a sentence that names their faults. */
export function readStartOptions(args: readonly string[]): { options: StartOptions } | { fault: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        settings: { type: 'string' },
        'time-factor': { type: 'string' },
        limits: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        log: { type: 'string' },
        'show-secrets': { type: 'boolean' },
        samples: { type: 'boolean' },
        exit: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const parsed = schema.safeParse(values, { error: describeIssue });
    if (parsed.success) return { options: parsed.data };
    const faults = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    return { fault: faults.join('\n') };
  } catch (error) {
    return { fault: error instanceof Error ? firstSentence(error.message) : String(error) };
  }
}

/** The parser goes on with advice about arguments that begin with a dash. */
const firstSentence = (message: string) => message.split('. ')[0] ?? message;
