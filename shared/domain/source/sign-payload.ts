import { parseStrictJson } from '../text/strict-json.ts';
import { replayRuleOf, withDeliveryIdentity } from './replay-protection.ts';
import type { SchemeSample } from './scheme.ts';
import type { ReplaySettings, SchemeSettings } from './scheme-schema.ts';
import { schemeOf } from './schemes.ts';

/** What of a source's configuration says how its deliveries look. */
export type SigningSettings = { scheme: SchemeSettings; replay?: ReplaySettings | undefined };

/**
 * A delivery as this source's ticket system would send it: proved by its scheme, marked with id and time where its replay
 * guard wants them (a body that has them keeps its own). `secret` must have passed the scheme's `isSecret`.
 */
export function signPayload(source: SigningSettings, secret: string, sample: SchemeSample) {
  const { id, at } = sample;
  const rule = replayRuleOf(source.scheme, source.replay);
  const json = rule === undefined ? undefined : parseStrictJson(sample.body);
  const body =
    rule === undefined || json?.ok !== true ? sample.body : marked(sample.body, rule, json.value, { id, at });
  const idHeader: Record<string, string> =
    rule?.id !== undefined && 'header' in rule.id ? { [rule.id.header]: id } : {};
  const proof = schemeOf(source.scheme).sign(secret, { id, at, body });
  return { headers: { 'content-type': 'application/json', ...idHeader, ...proof }, body };
}

/** The text itself where nothing is missing: its bytes may matter to whoever sends it. */
function marked(
  text: string,
  rule: Parameters<typeof withDeliveryIdentity>[0],
  value: unknown,
  marks: { id: string; at: number },
) {
  const whole = JSON.stringify(withDeliveryIdentity(rule, value, marks));
  return whole === JSON.stringify(value) ? text : whole;
}
