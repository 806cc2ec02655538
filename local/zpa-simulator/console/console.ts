import { operandsIn } from '../api/policies.ts';
import type { Condition, MicrotenantDocument, RuleDocument } from '../tenant/documents.ts';
import { type ApplicationDocument, DEFAULT_MICROTENANT, type GroupDocument } from '../tenant/documents.ts';
import { policyTypeNamed } from '../tenant/policy-types.ts';
import type { Store, Tenant } from '../tenant/store.ts';
import { type Commit, type ConsoleEdits, ConsoleError, createConsoleEdits, put } from './console-edits.ts';

type New<T> = Partial<Omit<T, 'name' | 'applications'>> & { name: string };
type Edit<T> = Partial<Omit<T, 'id'>>;
type NewGroup = New<GroupDocument> & { applications?: readonly string[] };

/**
 * The tenant as another administrator sees and edits it in ZPA's console: no limits, no refusals, no HTTP; times move
 * and `modifiedBy` is that administrator. For tests that need a colleague.
 */
export type Console = {
  groups(): GroupDocument[];
  /** By id, or by exact name. */
  group(idOrName: string): GroupDocument | undefined;
  /** Ids of the group's applications, sorted. */
  members(idOrName: string): string[];
  createGroup(group: NewGroup): GroupDocument;
  renameGroup(idOrName: string, name: string): void;
  editGroup(idOrName: string, edit: Edit<GroupDocument>): void;
  /** Its applications end in no group; rules that name it dangle. */
  deleteGroup(idOrName: string): void;
  applications(): ApplicationDocument[];
  application(idOrName: string): ApplicationDocument | undefined;
  createApplication(application: New<ApplicationDocument>): ApplicationDocument;
  editApplication(idOrName: string, edit: Edit<ApplicationDocument>): void;
  deleteApplication(idOrName: string): void;
  /** Into that group, out of whichever it was in; `undefined`: into none. */
  moveApplication(idOrName: string, group: string | undefined): void;
  rules(policyType?: string): RuleDocument[];
  /** `groupIds`: a rule that names these segment groups; or conditions as the API takes them. */
  createRule(rule: { name: string; policyType?: string; action?: string } & RuleTerms): RuleDocument;
  deleteRule(idOrName: string): void;
  microtenants(): MicrotenantDocument[];
  createMicrotenant(microtenant: New<MicrotenantDocument>): MicrotenantDocument;
};
type RuleTerms = { groupIds?: readonly string[]; conditions?: unknown; microtenantId?: string };

export const CONSOLE_ADMIN = '216196257331372702';

export function createConsole(
  store: Store,
  customerId: string,
  nowSeconds: () => string,
  commit: Commit,
  admin = CONSOLE_ADMIN,
): Console {
  const edits = createConsoleEdits({ store, customerId, nowSeconds, commit, admin });
  return { ...groupEdits(edits), ...applicationEdits(edits), ...ruleEdits(edits), ...microtenantEdits(edits) };
}

function groupEdits({ view, edit, find, must, born, change, move }: ConsoleEdits) {
  const membersOf = (id: string): string[] =>
    view()
      .all('application')
      .flatMap((one) => (one.segmentGroupId === id ? [one.id] : []))
      .sort();
  return {
    groups: () => view().all('group'),
    group: (idOrName: string) => find('group', idOrName),
    members: (idOrName: string) => membersOf(must('group', idOrName).id),
    createGroup: ({ applications = [], ...group }: NewGroup) => {
      const made = edit((tenant) => put(tenant, 'group', { ...newGroup, ...born(tenant), ...group }));
      for (const one of applications) move(one, made.id);
      return made;
    },
    renameGroup: (idOrName: string, name: string) => change('group', idOrName, { name }),
    editGroup: (idOrName: string, edited: Edit<GroupDocument>) => change('group', idOrName, edited),
    deleteGroup: (idOrName: string) => {
      const { id } = must('group', idOrName);
      for (const member of membersOf(id)) move(member, undefined);
      edit((tenant) => tenant.remove('group', id));
    },
  };
}

function applicationEdits({ view, edit, find, must, born, change, move }: ConsoleEdits) {
  return {
    applications: () => view().all('application'),
    application: (idOrName: string) => find('application', idOrName),
    createApplication: (application: New<ApplicationDocument>) =>
      edit((tenant) => {
        const fields = { domainNames: [`${application.name.toLowerCase().replaceAll(' ', '-')}.example.com`] };
        return put(tenant, 'application', { ...newApplication, fields, ...born(tenant), ...application });
      }),
    editApplication: (idOrName: string, edited: Edit<ApplicationDocument>) => change('application', idOrName, edited),
    deleteApplication: (idOrName: string) => {
      const { id } = must('application', idOrName);
      edit((tenant) => tenant.remove('application', id));
    },
    moveApplication: move,
  };
}

function ruleEdits({ view, edit, must, stamp, born }: ConsoleEdits) {
  return {
    rules: (policyType?: string) => {
      const wanted = policyType === undefined ? undefined : policyTypeNamed(policyType);
      const sets = view().all('policySet');
      const ids = sets.flatMap((set) => (wanted === undefined || set.policyType === wanted ? set.ruleIds : []));
      return ids.flatMap((id) => view().get('rule', id) ?? []);
    },
    createRule: (rule: RuleWish) => edit((tenant) => createRule(tenant, rule, born(tenant))),
    deleteRule: (idOrName: string) => {
      const rule = must('rule', idOrName);
      edit((tenant) => {
        const set = tenant.get('policySet', rule.policySetId);
        tenant.remove('rule', rule.id);
        if (set) tenant.put('policySet', { ...set, ruleIds: set.ruleIds.filter((id) => id !== rule.id), ...stamp() });
      });
    },
  };
}

function microtenantEdits({ view, edit, born }: ConsoleEdits) {
  return {
    microtenants: () => view().all('microtenant'),
    createMicrotenant: (microtenant: New<MicrotenantDocument>) =>
      edit((tenant) => put(tenant, 'microtenant', { ...newMicrotenant, ...born(tenant), ...microtenant })),
  };
}

const newGroup = {
  description: undefined,
  enabled: true,
  configSpace: 'DEFAULT',
  microtenantId: DEFAULT_MICROTENANT,
  readOnly: false,
  zscalerManaged: false,
  deception: false,
};
const newApplication = {
  description: undefined,
  enabled: true,
  microtenantId: DEFAULT_MICROTENANT,
  segmentGroupId: undefined,
};
const newMicrotenant = { description: undefined, enabled: true, fields: {} };

type Born = Pick<RuleDocument, 'id' | 'creationTime' | 'modifiedTime' | 'modifiedBy'>;
type RuleWish = Parameters<Console['createRule']>[0];

function createRule(tenant: Tenant, wish: RuleWish, born: Born): RuleDocument {
  const { name, policyType = 'ACCESS_POLICY', action = 'ALLOW', groupIds = [], microtenantId } = wish;
  const set = tenant.all('policySet').find((one) => one.policyType === policyTypeNamed(policyType));
  if (set === undefined) throw new ConsoleError(`no policy set of type ${policyType}`);
  const conditions = wish.conditions ?? [{ operands: [{ objectType: 'APP_GROUP', values: groupIds }] }];
  const rule: RuleDocument = {
    ...born,
    policySetId: set.id,
    name,
    description: undefined,
    action,
    defaultRule: false,
    microtenantId: microtenantId ?? DEFAULT_MICROTENANT,
    conditions: (Array.isArray(conditions) ? conditions : []).map(
      (one): Condition => ({
        id: tenant.takeConditionId(),
        operator: 'OR',
        negated: false,
        operands: operandsIn([one]).map((operand) => ({ id: tenant.takeConditionId(), ...operand })),
        at: born.modifiedTime ?? '',
        by: born.modifiedBy ?? '',
      }),
    ),
    fields: {},
  };
  tenant.put('rule', rule);
  tenant.put('policySet', { ...set, ruleIds: [rule.id, ...set.ruleIds], modifiedTime: born.modifiedTime });
  return rule;
}
