import type { Log, Meter } from '../../shared/ports/ports.ts';

export type LogLine = { level: 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> };
export type RecordingLog = Log & {
  readonly lines: LogLine[];
  /** All lines as one text: to assert that a secret is not in it. */
  text(): string;
};

export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      // Until its stack is read, an error keeps alive what its callers hold: a lane of 400 KB for each line.
      for (const value of Object.values(fields)) if (value instanceof Error) void value.stack;
      lines.push({ level, message, fields });
    };
  const shown = (_: string, value: unknown) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value;
  return {
    lines,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    text: () => lines.map((line) => JSON.stringify(line, shown)).join('\n'),
  };
}

export type RecordingMeter = Meter & {
  readonly counts: { name: string; value: number; dimensions: Record<string, string> }[];
  /** Sum over all dimensions. */
  total(name: string): number;
};

export function createRecordingMeter(): RecordingMeter {
  const counts: RecordingMeter['counts'] = [];
  return {
    counts,
    count: (name, value, dimensions = {}) => void counts.push({ name, value, dimensions }),
    total: (name) => counts.filter((one) => one.name === name).reduce((sum, one) => sum + one.value, 0),
  };
}
