import type { FaultClass, FaultScope } from '../change/rejection-codes.ts';

/** A segment group as the core sees it: absent values filled, entities decoded, memberships as sorted id strings. */
export type SegmentGroup = {
  id: string;
  name: string;
  /** '' where ZPA omits it. */
  description: string;
  enabled: boolean;
  configSpace: string;
  /** '0' for the Default microtenant, whose id ZPA omits (zpa-api §2.3). */
  microtenantId: string;
  /** Sorted, without duplicates. */
  applicationIds: string[];
  /** ZPA's readOnly, zscalerManaged, or a Deception marker: writes would be refused (zpa-api §7). */
  readOnly: boolean;
  /** Id of the API client or admin who wrote last. */
  modifiedBy: string | undefined;
  /** Epoch seconds. */
  modifiedTime: number | undefined;
  creationTime: number | undefined;
};

/** A group as it was read, with the names of its members by id, as far as ZPA told them; they are never kept. */
export type GroupReading = SegmentGroup & { memberNames?: ReadonlyMap<string, string> };

/** An application segment, as far as a change needs it. */
export type Application = {
  id: string;
  name: string;
  enabled: boolean;
  microtenantId: string;
  /** undefined: in no group, or ZPA did not say. */
  segmentGroupId: string | undefined;
  segmentGroupName: string | undefined;
};

/** A policy rule that names a segment group. */
export type RuleMention = {
  policyType: string;
  ruleId: string;
  ruleName: string;
  ruleOrder: string | undefined;
  microtenantId: string;
  action: string | undefined;
};

/** The answer of a complete scan over policy types; `skipped` holds types known as unlicensed. */
export type RuleScan = {
  mentions: RuleMention[];
  scanned: string[];
  skipped: { policyType: string; reason: string }[];
};

/** What ZPA answered, as data: safe to show, without secrets, cut to a bounded size. */
export type ZpaFault = {
  /** Ours, stable; see `shared/zpa/http/faults.ts`. */
  code: string;
  class: FaultClass;
  scope: FaultScope;
  /** 'none': ZPA certainly did not act on the request; 'unknown': it may have. */
  effect: 'none' | 'unknown';
  status?: number;
  /** ZPA's own dotted id. */
  zpaId?: string;
  reason?: string;
  params?: string[];
  retryAfterMs?: number;
  /** Method and path pattern, never a query or header. */
  call?: string;
};
