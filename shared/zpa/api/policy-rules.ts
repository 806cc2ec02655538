import * as z from 'zod';
import { type PolicyRule, type RuleList, scanFor } from '../../domain/group/policy-rule.ts';
import type { Zpa } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import type { Caller } from './call.ts';
import { zpaText } from './decode-entities.ts';
import { zpaId } from './fields.ts';
import { type ListMemory, vanishedListError } from './list-memory.ts';
import { collect, paginate } from './paginate.ts';
import { toConditions, toOperator } from './rule-conditions.ts';

/** Error codes by which ZPA answers that a policy type does not exist in this tenant, if it never showed a rule there. */
const NEVER: readonly string[] = [];
const UNLICENSED = ['feature-disabled', 'not-found'] as const;
const UNLICENSED_OR_UNKNOWN = [...UNLICENSED, 'invalid-argument'] as const;

/**
 * Every policy type that public sources name; of types with two names (GLOBAL, REAUTH, BYPASS) the current name.
 * `absentOn` lists the error codes that mean "this tenant has no such policy" (a feature flag is off, there is no policy
 * set of the type); any other error makes the scan fail. Three types exist in every tenant and are never skipped, so
 * that a wrong microtenant or customer cannot pass for a tenant without policies.
 */
export const POLICY_TYPES: readonly { policyType: string; absentOn: readonly string[] }[] = [
  { policyType: 'ACCESS_POLICY', absentOn: NEVER },
  { policyType: 'TIMEOUT_POLICY', absentOn: NEVER },
  { policyType: 'CLIENT_FORWARDING_POLICY', absentOn: NEVER },
  { policyType: 'SIEM_POLICY', absentOn: UNLICENSED },
  { policyType: 'INSPECTION_POLICY', absentOn: UNLICENSED },
  { policyType: 'ISOLATION_POLICY', absentOn: UNLICENSED },
  { policyType: 'REDIRECTION_POLICY', absentOn: UNLICENSED },
  { policyType: 'CREDENTIAL_POLICY', absentOn: UNLICENSED },
  { policyType: 'CAPABILITIES_POLICY', absentOn: UNLICENSED },
  { policyType: 'CLIENTLESS_SESSION_PROTECTION_POLICY', absentOn: UNLICENSED },
  { policyType: 'PRIVILEGED_PORTAL_POLICY', absentOn: UNLICENSED },
  // Some editions of ZPA's documented list of values lack these types, so a cloud may not know them at all.
  { policyType: 'PROTECTION_POLICY', absentOn: UNLICENSED_OR_UNKNOWN },
  { policyType: 'VPN_TUNNEL_POLICY', absentOn: UNLICENSED_OR_UNKNOWN },
  { policyType: 'USER_PORTAL', absentOn: UNLICENSED_OR_UNKNOWN },
];

/**
 * Rules are read through v1, which shows v1 and v2 conditions alike. `disabled` is "0" or "1" (recorded 2025-11-26).
 */
const ruleSchema = z.object({
  id: zpaId,
  name: zpaText.nullish(),
  ruleOrder: z.union([z.string(), z.int()]).nullish(),
  action: z.string().nullish(),
  microtenantId: z.string().nullish(),
  operator: z.string().nullish(),
  disabled: z.union([z.string(), z.boolean(), z.number()]).nullish(),
  conditions: z.unknown().optional(),
});

type Rule = z.output<typeof ruleSchema>;
type Options = NonNullable<Parameters<Zpa['listRules']>[0]>;

/**
 * Reads the rules of all policy types of a microtenant, and the rules that name a given group. A type that ZPA answers as
 * absent is skipped only if `memory` knows of no rule of it; otherwise the scan rejects with `list-vanished`.
 */
export function createRuleScan(caller: Caller, memory: ListMemory): Pick<Zpa, 'listRules' | 'rulesNaming'> {
  const listRules = async ({ microtenantId, signal, isEnough, unknown = [] }: Options = {}): Promise<RuleList> => {
    const found: RuleList = { rules: [], scanned: [], skipped: [] };
    const scope = {
      ...(microtenantId === undefined ? {} : { microtenantId }),
      ...(signal === undefined ? {} : { signal }),
    };
    for (const [nth, { policyType, absentOn }] of POLICY_TYPES.entries()) {
      const known = unknown.find((one) => one.policyType === policyType);
      if (known !== undefined) {
        found.skipped.push(known);
        continue;
      }
      try {
        const rules = await collect(paginate(caller, listingOf(policyType), scope));
        found.rules.push(...rules.map((rule) => toPolicyRule(policyType, rule)));
        found.scanned.push(policyType);
      } catch (error) {
        if (!(error instanceof ZpaError) || !absentOn.includes(error.code)) throw error;
        const isUnknown = error.code === 'invalid-argument';
        const reason = error.fault.reason ?? error.code;
        found.skipped.push({ policyType, reason, ...(isUnknown && { unknown: true as const }) });
      }
      const unreadTypes = POLICY_TYPES.length - nth - 1;
      if (unreadTypes > 0 && isEnough?.(found)) {
        found.unreadTypes = unreadTypes;
        break;
      }
    }
    await compareWithMemory(memory, microtenantId ?? EVERY_MICROTENANT, found);
    return found;
  };
  return {
    listRules,
    rulesNaming: async (groupId, options) => scanFor(groupId, await listRules(options)),
  };
}

/** The scope of a scan without a microtenant; no microtenant of ZPA has this id. */
const EVERY_MICROTENANT = 'every';

/** Only types that may be absent are remembered. */
async function compareWithMemory(memory: ListMemory, scope: string, { rules, skipped }: RuleList): Promise<void> {
  const mayBeAbsent = new Set(POLICY_TYPES.flatMap((one) => (one.absentOn.length > 0 ? [one.policyType] : [])));
  const withRules = new Set(rules.map(({ policyType }) => policyType).filter((one) => mayBeAbsent.has(one)));
  const seen = skipped.length + withRules.size === 0 ? new Set<string>() : await memory.seen(scope);
  await memory.note(
    scope,
    [...withRules].filter((one) => !seen.has(one)),
  );
  const vanished = skipped.find(({ policyType }) => seen.has(policyType));
  if (vanished === undefined) return;
  const { version, pattern } = listingOf(vanished.policyType);
  throw vanishedListError(`the rules of ${vanished.policyType}`, `GET /${version}${pattern}`, vanished.reason);
}

const listingOf = (policyType: string) => ({
  version: 'v1' as const,
  pattern: '/policySet/rules/policyType/{policyType}',
  ids: [policyType],
  item: ruleSchema,
});

function toPolicyRule(policyType: string, rule: Rule): PolicyRule {
  return {
    policyType,
    ruleId: rule.id,
    ruleName: rule.name ?? '',
    ruleOrder: rule.ruleOrder?.toString(),
    microtenantId: rule.microtenantId || '0',
    action: rule.action ?? undefined,
    disabled: rule.disabled === true || rule.disabled === 1 || rule.disabled === '1' || rule.disabled === 'true',
    operator: toOperator(rule.operator),
    conditions: toConditions(rule.conditions),
  };
}
