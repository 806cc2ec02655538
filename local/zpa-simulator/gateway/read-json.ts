/**
 * The value of a JSON text; undefined if it is none. ZPA's ids are 64-bit numbers, and Zscaler's own OneAPI SDK writes
 * them as such: an integer that a double cannot hold becomes its digits as text, as ids are kept here.
 */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) => {
      const digits = typeof value === 'number' && !Number.isSafeInteger(value) ? context?.source : undefined;
      return digits !== undefined && /^-?\d+$/.test(digits) ? digits : value;
    });
  } catch {
    return undefined;
  }
}
