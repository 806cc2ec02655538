/**
 * Open questions about ZPA, each with its plausible answers; the first is the default. The product has to
 * be right under every one of them.
 */
export const QUIRKS = {
  'duplicate-name': {
    values: ['refuse', 'conflict', 'allow'],
    about:
      'A second group of the same name: 400 resource.already.exist (seen for other resources), the same as 409, or allowed.',
  },
  'name-uniqueness': {
    values: ['ignore-case', 'exact'],
    about: 'Whether two names that differ only in case are the same name.',
  },
  'name-scope': {
    values: ['microtenant', 'customer'],
    about: 'Whether a name must be unique within its microtenant or within the whole customer.',
  },
  'name-charset': {
    values: ['portal', 'any'],
    about: "The admin portal allows letters, digits, spaces, '.', '-' and '_'; whether the API checks is not recorded.",
  },
  'name-max-length': {
    values: ['255', '64', 'none'],
    about: 'Longest name in characters; longer is 400 invalid.resource.argument.',
  },
  'description-max-length': { values: ['none', '1024', '255'], about: 'Longest description in characters.' },
  'name-trim': {
    values: ['keep', 'trim'],
    about: "Whether space around a name is cut off; a field nameWithoutTrim in Zscaler's API description suggests so.",
  },
  escape: {
    values: ['once', 'twice', 'wide', 'off'],
    about:
      "Names and descriptions in answers: & < > \" ' as entities, the same twice over, every special character as &#x…; (a documentation sample shows '.' and '*' so), or not at all. Stored text is never escaped.",
  },
  'create-enabled-omitted': {
    values: ['false', 'true'],
    about: 'POST without enabled. Documented default: false.',
  },
  'put-enabled-omitted': {
    values: ['keep', 'true', 'false'],
    about: 'v1 PUT without enabled. Recorded on an enabled group only: it stayed enabled, so kept or defaulted.',
  },
  'put-name-omitted': {
    values: ['refuse', 'keep'],
    about: 'v1 PUT without name: 400 invalid.resource.argument, or the old name stays.',
  },
  'v1-put-applications-omitted': {
    values: ['keep', 'clear', 'refuse'],
    about: 'v1 PUT without the applications key on a group that has some. Recorded on an empty group only.',
  },
  'v1-put-applications-empty': {
    values: ['clear', 'keep'],
    about: 'v1 PUT with an empty applications list: empties the group, or is taken for left out and ignored.',
  },
  'v1-payload-limit': {
    values: ['none', '1000', '100'],
    about: 'v1 POST or PUT that lists more applications gets 400 payload.size.exceeded. The real bound is unknown.',
  },
  'foreign-application': {
    values: ['move', 'refuse'],
    about: 'A write that lists or adds an application of another group: moves it, or 400 invalid.resource.argument.',
  },
  'v2-put': { values: ['available', 'not-found'], about: 'Whether this cloud has the v2 PUT at all.' },
  'v2-omitted-fields': {
    values: ['keep', 'reset'],
    about: 'v2 PUT: fields left out are kept, or reset as v1 does.',
  },
  'v2-delta': { values: ['honoured', 'ignored'], about: 'v2 PUT: addedApps and deletedApps act, or are ignored.' },
  'v2-applications-key': {
    values: ['ignored', 'replaces', 'refuse'],
    about:
      'v2 PUT that carries applications as well (Terraform sends it, [] too): ignored, full list, or 400 if it states some.',
  },
  'v2-unknown-added': {
    values: ['refuse-all', 'skip'],
    about: 'Unknown ids in addedApps fail the whole call (documented error), or are skipped.',
  },
  'v2-stranger-deleted': {
    values: ['skip', 'refuse-all'],
    about: 'Ids in deletedApps that are not in the group are skipped, or fail the whole call.',
  },
  'rule-blocks-delete': {
    values: ['refuse', 'dangling'],
    about: 'DELETE of a group that a policy rule names: 400 resource.referenced, or deleted and the rule dangles.',
  },
  'members-block-delete': {
    values: ['refuse', 'ungroup'],
    about: 'DELETE of a group with applications: 400 resource.referenced (documented), or they end in no group.',
  },
  'delete-missing': {
    values: ['400', '404'],
    about: 'DELETE of what is not there: 400 resource.not.found, or 404 with the same body.',
  },
  'bad-id': {
    values: ['invalid-argument', 'not-found'],
    about: 'An id in the path that is no number: 400 invalid.resource.argument, or 400 resource.not.found.',
  },
  'read-only-refusal': {
    values: ['400', '403', 'restricted'],
    about:
      'Write to a read-only, Zscaler-managed or Deception group: 400 operation.not.allowed, a bare 403, or 400 non.restricted.entity.authorization.failed, an id that zscaler-sdk-go knows.',
  },
  'unscoped-write': {
    values: ['default-only', 'any'],
    about: 'PUT or DELETE without microtenantId: finds the Default microtenant only, or any.',
  },
  'page-beyond-end': {
    values: ['empty-list', 'no-list-key', '400'],
    about: 'A page past the last one: list is [], or absent (pyZscaler copes with both), or 400.',
  },
  totals: {
    values: ['both', 'pages'],
    about: 'Lists state totalPages and totalCount (recorded), or totalPages alone (documentation samples).',
  },
  'empty-result': { values: ['empty-list', 'no-list-key'], about: 'A list or search that matches nothing.' },
  'pagesize-zero': { values: ['default', '400'], about: 'pagesize=0: taken for 20, or refused.' },
  'pagesize-over-500': { values: ['clamp', '400'], about: 'pagesize above the documented maximum of 500.' },
  'list-order': { values: ['id', 'name', 'modified'], about: 'Order of lists. The recordings fit id and name.' },
  'search-operators': {
    values: ['all', 'eq'],
    about: 'Operators besides EQ (LIKE is documented for other lists): work, or 400 filtering.input.invalid.operand.',
  },
  'search-case': { values: ['exact', 'ignore'], about: 'Whether EQ minds upper and lower case.' },
  'search-unknown-field': {
    values: ['400', 'ignore'],
    about: 'A search over a field that is not searchable: 400, or the filter is ignored.',
  },
  'post-readonly-keys': {
    values: ['present', 'absent'],
    about:
      'readOnly and zscalerManaged in answers to POST: present since API version 109.1.146 (2026-03), absent in 109.1.85 (2025-11). Also sets the version header.',
  },
  'default-microtenant': {
    values: ['id-zero', 'no-id'],
    about: 'The Default microtenant in lists and by itself: "id":"0" (recorded), or no id (documentation samples).',
  },
  'unlicensed-policy': {
    values: ['400', '403', '404'],
    about: 'Reading a policy type the customer is not licensed for (seed: unlicensedPolicyTypes).',
  },
  'read-lag': {
    values: ['off', '1', '3', '10'],
    about: 'After a write to an object, so many reads of it still see the state before. Recordings show none.',
  },
  'read-lag-of': {
    values: ['every-read', 'group', 'groups', 'search', 'application', 'applications', 'rule', 'rules'],
    about: 'The reads that lag: one object by its id, a list, a search for groups; each has seen a write by itself.',
  },
  'read-lag-order': {
    values: ['steady', 'backwards', 'drawn'],
    about:
      'Old reads come first; or new and old ones alternate, as two replicas that lag differently show it; or chance (the random seed) says which objects lag and which of their reads are old.',
  },
  'list-moves': {
    values: ['never', 'once', 'drawn', 'always'],
    about:
      'An entry of a later page jumps to the first one while a list is paged: one entry is missed, another comes twice, and the totals stay. At the first later page of each list, at some by chance, or at each.',
  },
  'retry-after': {
    values: ['rest', 'rest-and-one'],
    about: 'Seconds of a 429: the rest of the window rounded up, or one more. The recordings fit both.',
  },
  'legacy-unauthorized': {
    values: ['access-denied', 'empty'],
    about: 'Body of a 401 on legacy hosts: the documented access.denied, or none. Never recorded.',
  },
  legacy: {
    values: ['available', 'only-oneapi'],
    about: 'Legacy hosts of a customer moved to OneAPI answer 403 with a sentence that says so.',
  },
} as const satisfies Record<string, { values: readonly [string, ...string[]]; about: string }>;

export type QuirkName = keyof typeof QUIRKS;
export type QuirkValue<N extends QuirkName> = (typeof QUIRKS)[N]['values'][number];

/** One paragraph per quirk, for `--help`. */
export function describeQuirks(): string {
  return Object.entries(QUIRKS)
    .map(([name, { values, about }]) => `  ${name}=${values.join('|')}\n      ${about}`)
    .join('\n');
}
