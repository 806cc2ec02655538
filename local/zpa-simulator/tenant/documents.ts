/** The simulated tenant's documents. They are never changed in place: a change replaces them. Times: epoch seconds. */
export type Stamp = {
  id: string;
  /** undefined where very old objects lack it. */
  creationTime: string | undefined;
  modifiedTime: string | undefined;
  modifiedBy: string | undefined;
};

export type GroupDocument = Stamp & {
  name: string;
  description: string | undefined;
  enabled: boolean;
  configSpace: string;
  /** '0': the Default microtenant. */
  microtenantId: string;
  readOnly: boolean;
  zscalerManaged: boolean;
  /** Managed by Deception: cannot be changed or deleted (ZPA API help, segment groups). */
  deception: boolean;
};

export type ApplicationDocument = Stamp & {
  name: string;
  description: string | undefined;
  enabled: boolean;
  microtenantId: string;
  /** The one place where membership is kept: an application belongs to one group at most. */
  segmentGroupId: string | undefined;
  /** The other fields as they were written. */
  fields: Record<string, unknown>;
};

export type Operand = { id: string; objectType: string; lhs: string; rhs: string };
export type Condition = { id: string; operator: string; negated: boolean; operands: Operand[]; at: string; by: string };

export type RuleDocument = Stamp & {
  policySetId: string;
  name: string;
  description: string | undefined;
  action: string;
  defaultRule: boolean;
  microtenantId: string;
  conditions: Condition[];
  /** The other fields as they were written (reauthTimeout, appConnectorGroups, …). */
  fields: Record<string, unknown>;
};

/** `ruleIds` is the order of evaluation; a default rule is last. */
export type PolicySetDocument = Stamp & { policyType: string; ruleIds: string[] };

export type MicrotenantDocument = Stamp & {
  name: string;
  description: string | undefined;
  enabled: boolean;
  fields: Record<string, unknown>;
};

export type Documents = {
  group: GroupDocument;
  application: ApplicationDocument;
  policySet: PolicySetDocument;
  rule: RuleDocument;
  microtenant: MicrotenantDocument;
};
export type Kind = keyof Documents;
export const KINDS = ['group', 'application', 'policySet', 'rule', 'microtenant'] as const satisfies readonly Kind[];

/** One document before and after a write; undefined: not there. */
export type Effect = {
  [K in Kind]: {
    customerId: string;
    kind: K;
    id: string;
    before: Documents[K] | undefined;
    after: Documents[K] | undefined;
  };
}[Kind];

export const DEFAULT_MICROTENANT = '0';
