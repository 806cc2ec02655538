import { parseStrictJson } from '../text/strict-json.ts';
import { replayRuleOf, withDeliveryIdentity } from './replay-protection.ts';
import type { SchemeSample } from './scheme.ts';
import type { ReplaySettings, SchemeSettings } from './scheme-schema.ts';
import { schemeOf } from './schemes.ts';

/** The part of a source's configuration that decides the form of its deliveries. */
export type SigningSettings = { scheme: SchemeSettings; replay?: ReplaySettings | undefined };

/**
 * Builds a delivery as this source's ticket system would send it: signed by its scheme, with id and time where its
 * replay rule needs them (a body that has them keeps its own). `secret` must have passed the scheme's `isSecret`.
 * Returns its headers and body.
 */
export function signPayload(source: SigningSettings, secret: string, sample: SchemeSample) {
  const { id, at } = sample;
  const rule = replayRuleOf(source.scheme, source.replay);
  const json = rule === undefined ? undefined : parseStrictJson(sample.body);
  const body =
    rule === undefined || json?.ok !== true ? sample.body : withIdentity(sample.body, rule, json.value, { id, at });
  const idHeader: Record<string, string> =
    rule?.id !== undefined && 'header' in rule.id ? { [rule.id.header]: id } : {};
  const proof = schemeOf(source.scheme).sign(secret, { id, at, body });
  return { headers: { 'content-type': 'application/json', ...idHeader, ...proof }, body };
}

/** Returns the text itself where no field is missing, because the sender may need its exact bytes. */
function withIdentity(
  text: string,
  rule: Parameters<typeof withDeliveryIdentity>[0],
  value: unknown,
  identity: { id: string; at: number },
) {
  const completed = JSON.stringify(withDeliveryIdentity(rule, value, identity));
  return completed === JSON.stringify(value) ? text : completed;
}
