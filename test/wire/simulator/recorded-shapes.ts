/**
 * Shapes observed in recorded traffic (2026-03-13; `OLDER_KEYS`: 2025-11-26), written down as keys in order. Values in the tests are our own.
 */
export const HEADERS = {
  answered:
    'cache-control content-encoding content-security-policy content-type date expires pragma referrer-policy server strict-transport-security transfer-encoding vary x-content-type-options x-envoy-upstream-service-time x-frame-options x-oneapi-host x-oneapi-request-id x-oneapi-version x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset x-transaction-id x-xss-protection',
  empty:
    'cache-control content-security-policy date expires pragma referrer-policy server strict-transport-security vary x-content-type-options x-envoy-upstream-service-time x-frame-options x-oneapi-host x-oneapi-request-id x-oneapi-version x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset x-transaction-id x-xss-protection',
  limited:
    'content-encoding content-type date retry-after server strict-transport-security transfer-encoding vary x-envoy-upstream-service-time x-oneapi-host x-oneapi-request-id x-oneapi-version x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset x-transaction-id',
  token:
    'cache-control content-security-policy content-type date expires pragma server strict-transport-security transfer-encoding x-content-type-options x-frame-options x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset x-xss-protection',
  unauthorized:
    'content-length content-type date server strict-transport-security x-oneapi-api-category x-oneapi-host x-oneapi-request-id x-oneapi-version',
  unrouted:
    'content-length content-type date server strict-transport-security x-envoy-upstream-service-time x-oneapi-host x-oneapi-request-id x-oneapi-version x-transaction-id',
};

const STAMP = 'id modifiedTime creationTime modifiedBy';
export const KEYS = {
  groupCreated: `${STAMP} name description enabled configSpace tcpKeepAliveEnabled readOnly zscalerManaged`,
  group: `${STAMP} name description enabled configSpace tcpKeepAliveEnabled readOnly zscalerManaged microtenantName`,
  groupListed: `${STAMP} name enabled applications policyMigrated configSpace tcpKeepAliveEnabled readOnly zscalerManaged microtenantName`,
  member: `${STAMP} name domainName domainNames description enabled passiveHealthEnabled tcpPortRanges doubleEncrypt healthCheckType icmpAccessType bypassType configSpace ipAnchored bypassOnReauth inspectTrafficWithZia tcpKeepAlive useInDrMode matchStyle selectConnectorCloseToApp weightedLoadBalancing extranetEnabled adpEnabled apiProtectionEnabled autoAppProtectEnabled fqdnDnsCheck policyStyle tcpPortRange`,
  applicationCreated:
    'id domainNames name description serverGroups enabled passiveHealthEnabled tcpPortRanges doubleEncrypt configSpace bypassType healthCheckType icmpAccessType isCnameEnabled ipAnchored bypassOnReauth inspectTrafficWithZia tcpKeepAlive matchStyle isIncompleteDRConfig adpEnabled autoAppProtectEnabled apiProtectionEnabled fqdnDnsCheck weightedLoadBalancing extranetEnabled segmentGroupId',
  application:
    'modifiedTime creationTime modifiedBy id domainNames name description serverGroups enabled passiveHealthEnabled tcpPortRanges tcpPortRange doubleEncrypt configSpace bypassType healthCheckType icmpAccessType isCnameEnabled ipAnchored bypassOnReauth inspectTrafficWithZia healthReporting useInDrMode tcpKeepAlive selectConnectorCloseToApp matchStyle isIncompleteDRConfig adpEnabled autoAppProtectEnabled apiProtectionEnabled fqdnDnsCheck weightedLoadBalancing extranetEnabled policyStyle readOnly zscalerManaged microtenantName segmentGroupId segmentGroupName',
  policySet: `${STAMP} name enabled description policyType sorted`,
  ruleCreated: `${STAMP} name description ruleOrder priority policyType operator action disabled conditions defaultRule readOnly zscalerManaged`,
  ruleCreatedV2: `${STAMP} name description ruleOrder priority policyType operator action disabled extranetEnabled devicePostureFailureNotificationEnabled privilegedCapabilities privilegedPortalCapabilities conditions defaultRule readOnly zscalerManaged`,
  rule: `${STAMP} name description ruleOrder priority policyType operator action disabled extranetEnabled devicePostureFailureNotificationEnabled policySetId conditions defaultRule readOnly zscalerManaged`,
  condition: `${STAMP} operator negated operands ruleGid`,
  operand: `${STAMP} objectType lhs rhs name conditionId`,
  microtenantCreated: `${STAMP} name description enabled operator criteriaAttribute privilegedApprovalsEnabled`,
  microtenant: `${STAMP} name description enabled operator criteriaAttribute privilegedApprovalsEnabled scopeOrder`,
};

const withoutReadOnly = (keys: string): string => keys.replace(' readOnly zscalerManaged', '');
export const OLDER_KEYS = {
  groupCreated: withoutReadOnly(KEYS.groupCreated),
  ruleCreated: withoutReadOnly(KEYS.ruleCreated),
  ruleCreatedV2: withoutReadOnly(KEYS.ruleCreatedV2),
};

/** Keys of an object as one line, in order. */
export const keysOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.keys(value).join(' ') : '';
/** Header names as one line, sorted. */
export const namesOf = (headers: Record<string, unknown>): string => Object.keys(headers).sort().join(' ');
