import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { fileSchema } from '../../../cdk/configuration/stack-configuration.ts';
import { settingsSchema } from '../../../shared/domain/configuration/configuration.ts';
import { ConfigurationError, parseConfiguration } from '../../../shared/runtime/configuration-error.ts';

/** Every fault at once: a rule over several fields does not wait until each field of its section is right. */

type Rule = [rule: string, value: object, path: string];

const TENANT = { customerId: '1', vanity: 'acme' };
const tenant = (one: object) => ({ tenants: { acme: { ...TENANT, ...one } }, sources: {} });
const source = (one: object) => ({ tenants: {}, sources: { desk: { system: 'Desk', ...one } } });
const stack = (one: object) => ({ name: 'harbour', ...one });

const TABLE = { ticket: { from: 'a', to: 'ticket' }, tenant: { value: 'acme', to: 'tenant' } };
const GATE = { ticket: 'number', approved: [{ field: 'approval', oneOf: ['approved'] }] };
const hmac = (one: object) => source({ scheme: { kind: 'hmac', header: 'x-signature', ...one } });
const mapping = (one: object) => source({ mapping: one, approval: { gate: GATE } });
const approval = (one: object) =>
  source({ mapping: { preset: 'servicenow-change' }, approval: { gate: GATE, ...one } });
const guards = { rules: [{ rules: ['*'], response: 'refuse' }] };
const tickets = { kind: 'servicenow', url: 'https://acme.service-now.com' };
const both = {
  mapping: { preset: 'servicenow-change' },
  approval: { gate: GATE, trustPayload: true, selfApproval: true, granted: { ref: 'id' } },
};

/** By the place of their rules in the schema. Each value has one fault, of several fields. */
const RULES: Record<string, Rule[]> = {
  '': [
    ['a vanity for OneAPI', { tenants: { acme: { customerId: '1' } }, sources: {} }, 'tenants.acme.vanity'],
    ['guards that need the rules read', tenant({ guards, reach: 'deletes' }), 'tenants.acme.reach'],
    ['guards that need reads', tenant({ guards, budget: { reads: 5 } }), 'tenants.acme.budget.reads'],
    [
      'a source for the ticket about drift',
      tenant({ drift: { ticket: { source: 'nobody', closed: { to: 'Done' } } } }),
      'tenants.acme.drift.ticket.source',
    ],
    [
      'a table for the ticket about drift',
      {
        ...tenant({ drift: { ticket: { source: 'desk', table: 'x', closed: { to: '3' } } } }),
        ...{ sources: { desk: { system: 'Desk', tickets } } },
      },
      'tenants.acme.drift.ticket.table',
    ],
    ['an approval beside a mapping', source({ mapping: { preset: 'servicenow-change' } }), 'sources.desk.approval'],
    ['a mapping beside an approval', source({ approval: { gate: GATE } }), 'sources.desk.mapping'],
    ['a gate', approval({ gate: {} }), 'sources.desk.approval.gate'],
    [
      'a decision that is asked for',
      approval({ gate: { ...GATE, decision: ['state'] } }),
      'sources.desk.approval.gate.decision',
    ],
    [
      'tenants of a grant',
      source({ grants: [{ tenants: ['nobody'], actions: ['create'], groups: ['*'] }] }),
      'sources.desk.grants.0.tenants',
    ],
    [
      'sources that take the same tickets',
      { tenants: {}, sources: { desk: { system: 'Desk', ...both }, other: { system: 'Desk', ...both } } },
      'sources.other.system',
    ],
  ],
  'tenants.*.freezes.*|0': [
    [
      'a freeze that ends before it begins',
      tenant({ freezes: [{ from: '2027-01-02T00:00:00Z', until: '2027-01-01T00:00:00Z' }] }),
      'tenants.acme.freezes.0',
    ],
  ],
  'tenants.*.freezes.*|1': [
    [
      'a freeze of the whole week',
      tenant({ freezes: [{ from: 'fri 16:00', until: 'fri 16:00', timeZone: 'Europe/Berlin' }] }),
      'tenants.acme.freezes.0',
    ],
  ],
  'sources.*.scheme|3': [
    ['a signed body', hmac({ content: '{id}', idHeader: 'x-id' }), 'sources.desk.scheme.content'],
    ['a mark between placeholders', hmac({ content: '{id}{body}', idHeader: 'x-id' }), 'sources.desk.scheme.content'],
    ['a header of a signed id', hmac({ content: '{id}.{body}' }), 'sources.desk.scheme.idHeader'],
    ['a header of a signed time', hmac({ content: '{timestamp}.{body}' }), 'sources.desk.scheme.timestampHeader'],
  ],
  'sources.*.mapping': [
    ['a table beside an expression', mapping({ jsonata: '$', onReject: 'stop' }), 'sources.desk.mapping.onReject'],
    ['reads of a table', mapping({ preset: 'servicenow-change', reads: ['a'] }), 'sources.desk.mapping.reads'],
    [
      'a target of a row',
      mapping({ preset: 'servicenow-change', rows: { more: { from: 'a' } } }),
      'sources.desk.mapping.rows.more',
    ],
    [
      'one of from and value',
      mapping({ preset: 'servicenow-change', rows: { more: { to: 'group' } } }),
      'sources.desk.mapping.rows.more',
    ],
    [
      'a row for each target',
      mapping({ rows: { ...TABLE, action: { value: 'update', to: 'action' } } }),
      'sources.desk.mapping.rows',
    ],
  ],
  'sources.*.approval': [
    [
      'the place of a trusted approval',
      approval({ trustPayload: true, selfApproval: true }),
      'sources.desk.approval.granted',
    ],
    [
      'the approver of a trusted approval',
      approval({ trustPayload: true, granted: { ref: 'id' } }),
      'sources.desk.approval.granted.by',
    ],
    ['the actor of an event', approval({ integrationUser: 'zpa' }), 'sources.desk.approval.gate.actor'],
  ],
  tags: [
    [
      'at most so many tags',
      stack({ tags: Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`t${at}`, 'x'])) }),
      'tags',
    ],
  ],
  // A stage has the fields of a stack.
  'stages.*.tags': [],
  'stages.*.vpc': [],
  vpc: [
    ['subnets of a vpc', stack({ vpc: { id: 'vpc-0a1b' } }), 'vpc.subnetIds'],
    ['a vpc of subnets', stack({ vpc: { subnetIds: ['subnet-0a1b'] } }), 'vpc.id'],
    [
      'a vpc that is made or is there',
      stack({ vpc: { id: 'vpc-0a1b', subnetIds: ['subnet-0a1b'], cidr: '10.0.0.0/24' } }),
      'vpc.cidr',
    ],
    [
      'a zone for each address',
      stack({ vpc: { addresses: ['eipalloc-01', 'eipalloc-02', 'eipalloc-03'] } }),
      'vpc.addresses',
    ],
  ],
  stages: [['a stage', stack({ stages: {} }), 'stages']],
};

const schemaOf = (value: object) => ('name' in value ? fileSchema : settingsSchema);

function pathsOf(value: object): string[] {
  try {
    parseConfiguration<z.ZodType>(schemaOf(value), value, 'file');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map(({ path }) => path);
  }
}

/** A field that no rule reads, by the place of its object, with a value that it cannot have. */
const BROKEN: [place: RegExp, field: string, value: unknown][] = [
  [/^tenants\.\w+$/, 'microtenants', 5],
  [/\.freezes\.0$/, 'reason', 5],
  [/\.budget$/, 'writes', 'few'],
  [/\.drift$/, 'owned', 5],
  [/\.drift\.ticket$/, 'closed', 5],
  [/^sources\.\w+$/, 'toleranceSeconds', 'long'],
  [/\.grants\.0$/, 'changesPerHour', 'many'],
  [/\.scheme$/, 'algorithm', 'md4'],
  [/\.mapping$/, 'each', 5],
  [/\.rows\.more$/, 'required', 5],
  [/\.approval$/, 'reconcileHours', 'long'],
  [/\.gate$/, 'concerns', 5],
  [/\.granted$/, 'at', 5],
  [/^$/, 'account', 5],
  [/^tags$/, 'short', 5],
  [/^vpc$/, 'cidr', 'here'],
];

/** The value with a broken field in each object around this path, and the paths of the broken fields. */
function withPlainFaults(value: object, path: string) {
  const copy = structuredClone(value);
  const parts = path.split('.');
  const added: string[] = [];
  let holder: unknown = copy;
  for (let depth = 0; typeof holder === 'object' && holder !== null; depth += 1) {
    const place = parts.slice(0, depth).join('.');
    const [, field, broken] = BROKEN.find(([where]) => where.test(place)) ?? [];
    if (field !== undefined && !(place === '' && 'tenants' in copy)) {
      Object.assign(holder, { [field]: broken });
      added.push(place === '' ? field : `${place}.${field}`);
    }
    holder = (holder as Record<string, unknown>)[parts[depth] ?? ''];
  }
  return { value: copy, added };
}

/** Every rule of its own in a schema, below what can hold several fields, with its place. */
function rulesIn(schema: z.core.$ZodType, at = ''): { at: string; waits: boolean }[] {
  const { def } = schema._zod as unknown as { def: Definition };
  const within = (part: z.core.$ZodType, name: string) => rulesIn(part, at === '' ? name : `${at}.${name}`);
  const checks = HOLDERS.has(def.type) ? (def.checks ?? []).filter((one) => one._zod.def.check === 'custom') : [];
  return [
    ...checks.map((one) => ({ at, waits: (one._zod.def as { when?: unknown }).when === undefined })),
    ...Object.entries(def.shape ?? {}).flatMap(([name, part]) => within(part, name)),
    ...[def.valueType, def.element].flatMap((part) => (part === undefined ? [] : within(part, '*'))),
    ...(def.options ?? []).flatMap((part, index) => rulesIn(part, `${at}|${index}`)),
    ...[def.innerType, def.in, def.out].flatMap((part) => (part === undefined ? [] : rulesIn(part, at))),
  ];
}

const HOLDERS = new Set(['object', 'record', 'array', 'tuple', 'union', 'intersection']);

type Definition = {
  type: string;
  checks?: z.core.$ZodCheck[];
  shape?: Record<string, z.core.$ZodType>;
  options?: z.core.$ZodType[];
} & Partial<Record<'valueType' | 'element' | 'innerType' | 'in' | 'out', z.core.$ZodType>>;

describe('every fault at once', () => {
  const cases = Object.values(RULES).flat();

  it.each(cases)('%s: one fault of several fields', (_, value, path) => {
    expect(pathsOf(value)).toEqual([path]);
  });

  it.each(cases)('%s: told beside a plain fault of each object around it', (_, value, path) => {
    const beside = withPlainFaults(value, path);
    expect(beside.added.length).toBeGreaterThan(0);
    expect(pathsOf(beside.value)).toEqual(
      expect.arrayContaining([path, ...beside.added.map((one) => expect.stringContaining(one))]),
    );
  });

  it('of each rule over several fields: none waits for other fields, and each has a case here', () => {
    const rules = [...rulesIn(settingsSchema), ...rulesIn(fileSchema)];
    expect(rules.filter(({ waits }) => waits)).toEqual([]);
    expect([...new Set(rules.map(({ at }) => at))].toSorted()).toEqual(Object.keys(RULES).toSorted());
  });
});
