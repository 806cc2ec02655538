/**
 * Redaction of every log line: fields named like secrets or bodies are dropped, texts that look like secrets are
 * replaced, and sizes are bounded. Callers must still log only names and counts; redaction is the second protection.
 */
const SECRET_NAMES =
  'secret|passw|token|authori[sz]ation|signature|private.?key|credential|cookie|api.?key|assertion|bearer|jwt';
const SECRET_NAME = new RegExp(SECRET_NAMES, 'i');
const BODY_NAME = /^(raw.?)?(body|payload|headers|html)$/i;

/** JSON that is a text in JSON has backslashes before its quotes. */
const QUOTE = `\\\\*["']`;
const NAMED = `((?:${SECRET_NAMES})[\\w-]{0,30}(?:${QUOTE})?\\s*[=:]\\s*)`;

const SECRET_TEXTS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, '[redacted key]'],
  [/whsec_[A-Za-z0-9+/=_-]+/g, 'whsec_[redacted]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, '$1 [redacted]'],
  [/\beyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*){1,2}/g, '[redacted token]'],
  [new RegExp(`${NAMED}\\[\\s*${QUOTE}[^]*?(?:["']\\s*\\]|$)`, 'gi'), '$1[redacted]'],
  [new RegExp(`${NAMED}(${QUOTE})[^]*?(?:(?<!\\\\)\\2|$)`, 'gi'), '$1[redacted]'],
  [
    /((?:client_?secret|client_?assertion|(?:access|api)_?token|api[_-]?key|password)["']?\s*[=:]\s*)(?!\[redacted)[^\s"'&,}]+/gi,
    '$1[redacted]',
  ],
  [/(\/changes\/)[A-Za-z0-9_-]{20,}/g, '$1[redacted]'],
];

const MAX_TEXT = 4096;
const MAX_ITEMS = 50;
const MAX_DEPTH = 6;

/** Replaces parts of a text that look like secrets, and cuts it to 4,096 characters. */
export function redactText(text: string): string {
  const clean = SECRET_TEXTS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}… (cut)` : clean;
}

/** Converts fields to a form that may be logged; `Error` values become name, code, message, stack and cause. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(value: object, depth: number): Record<string, unknown> {
  const kept = Object.entries(value).filter(([name]) => !SECRET_NAME.test(name) && !BODY_NAME.test(name));
  return Object.fromEntries(kept.slice(0, MAX_ITEMS).map(([name, one]) => [name, redactValue(one, depth + 1)]));
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (depth > MAX_DEPTH) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one) => redactValue(one, depth + 1));
  return redactObject(value, depth);
}

/** Describes an error without the properties that libraries attach (requests, responses, bodies). */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause instanceof Error && depth < MAX_DEPTH ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
