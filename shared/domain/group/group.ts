import type { FaultClass, FaultScope } from '../change/rejection-codes.ts';

/**
 * A segment group as the core uses it: absent values are filled in, entities decoded, memberships sorted id strings.
 */
export type SegmentGroup = {
  id: string;
  name: string;
  /** '' where ZPA omits it. */
  description: string;
  enabled: boolean;
  configSpace: string;
  /** '0' for the Default microtenant, because ZPA omits its id. */
  microtenantId: string;
  /** Sorted, without duplicates. */
  applicationIds: string[];
  /** ZPA marks the group readOnly, zscalerManaged or as one of Deception; it would refuse writes. */
  readOnly: boolean;
  /** Id of the API client or admin who wrote last. */
  modifiedBy: string | undefined;
  /** Epoch seconds. */
  modifiedTime: number | undefined;
  creationTime: number | undefined;
};

/** The part of a group's answer about one of its application segments, as far as ZPA returned it. */
export type MemberReading = {
  name?: string | undefined;
  /** As of `Application`. */
  modifiedBy?: string | undefined;
  modifiedTime?: number | undefined;
};

/** A group as it was read, with what its answer tells about its members, by id; that is never stored. */
export type GroupReading = SegmentGroup & { members?: ReadonlyMap<string, MemberReading> };

/** The part of an application segment that changes and reports need. */
export type Application = {
  id: string;
  name: string;
  enabled: boolean;
  microtenantId: string;
  /** undefined: it is in no group, or ZPA did not return its group. */
  segmentGroupId: string | undefined;
  segmentGroupName: string | undefined;
  /** Id of the API client or admin who wrote it last; it changes also when the application moves to another group. */
  modifiedBy?: string | undefined;
  /** Epoch seconds. */
  modifiedTime?: number | undefined;
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

/**
 * The result of a scan over policy types; `skipped` holds types known as unlicensed. It is complete unless `mentions` is not
 * empty: then the rules of `unreadMicrotenants` were not read any more.
 */
export type RuleScan = {
  mentions: RuleMention[];
  scanned: string[];
  skipped: { policyType: string; reason: string }[];
  unreadMicrotenants?: number;
  /** As `unreadMicrotenants`: policy types of the microtenant that was read last. */
  unreadTypes?: number;
};

/** An error answer of ZPA as data: safe to show, without secrets, cut to a bounded size. */
export type ZpaFault = {
  /** This product's own stable code; `shared/zpa/http/faults.ts` assigns it. */
  code: string;
  class: FaultClass;
  scope: FaultScope;
  /** 'none': ZPA certainly did not act on the request; 'unknown': it may have acted. */
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
