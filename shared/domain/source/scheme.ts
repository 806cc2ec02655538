/** Headers of a delivery as an HTTP API passes them on: names in lower case, duplicates joined with commas. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** The parts of a delivery that a scheme verifies. */
export type SchemeDelivery = {
  /** The one or two valid secrets; each must have passed the scheme's `isSecret`. */
  secrets: readonly string[];
  headers: Headers;
  /** The raw body; it must be what its bytes decode to without loss (UTF-8, byte order mark kept). */
  body: string;
  /** Epoch ms. */
  now: number;
  /** Allowed distance of a signed timestamp from `now`, both ways. */
  toleranceSeconds: number;
};

export type SchemeFault =
  | 'signature-missing'
  | 'signature-malformed'
  | 'signature-wrong'
  | 'timestamp-stale'
  | 'timestamp-future';

export type SchemeVerdict = { ok: true } | { ok: false; code: SchemeFault };

/** A delivery before a sender signs it: its id, the time of signing (epoch ms), and the body. */
export type SchemeSample = { id: string; at: number; body: string };

/** One way to verify that the sender of a delivery knows the secret. */
export type Scheme = {
  /** For `WWW-Authenticate`: RFC 9110 requires a challenge with every 401. */
  challenge: string;
  /** Instructions for a refused sender, by fault. */
  details: Record<SchemeFault, string>;
  /** True if a text from Secrets Manager can be a secret of this scheme. */
  isSecret(text: string): boolean;
  /** A new secret of this scheme from 32 random bytes. */
  toSecret(bytes: Uint8Array): string;
  /** Verifies a delivery in constant time, whatever differs: it compares every valid secret. */
  verify(delivery: SchemeDelivery): SchemeVerdict;
  /** Headers of a delivery as the source sends it; for the CLI, the local world and tests. */
  sign(secret: string, sample: SchemeSample): Record<string, string>;
};

/** A header's own value; an empty one counts as missing. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] || undefined : undefined;
}

/** The details about clocks that most schemes share. */
export const CLOCK_DETAILS = {
  'timestamp-stale': 'Sign each attempt again, and check the clock of the sender against a time server.',
  'timestamp-future': 'Check the clock of the sender against a time server.',
};
