import type { RejectionCode } from '../change/rejection-codes.ts';
import { asSentence } from '../text/sentence.ts';
import {
  cell,
  type DetailCell,
  epochText,
  type Fields,
  isFields,
  readable,
  shownName,
  shownValue,
  textOf,
  withId,
} from './detail-values.ts';
import type { Rejection } from './outcome.ts';

/** Details of a rejection as one table that a page, a terminal and a mail can show. */
export type DetailTable = {
  caption: string;
  /** Empty: the table needs no headings. */
  columns: string[];
  rows: DetailCell[][];
  /** The first cell of each row is its heading. */
  rowHeads: boolean;
  /** Indices of the columns whose cells are ids or other codes. */
  codes: number[];
  /** A sentence about omitted entries, or other explanation. */
  note?: string;
};

type RejectionSource = {
  code: RejectionCode;
  details?: Rejection['details'] | undefined;
  zpaError?: { status?: number; zpaId?: string; reason?: string } | undefined;
};

/** ZPA's error and the details of a rejection as tables. Details of unknown shape appear too, as name and value. */
export function detailTables({ code, details = {}, zpaError }: RejectionSource): DetailTable[] {
  const { candidates, rules, names, applications, differences, before, intended, live, cut, ...others } = details;
  const group = { before, intended, live };
  return [
    zpaAnswer(zpaError),
    listTable(CANDIDATES[code] ?? 'Candidates', candidates, candidateColumns),
    listTable('Names that lead to something else', names, nameColumns),
    listTable(RULES[code] ?? 'Policy rules that name the group', rules, ruleColumns),
    listTable(APPLICATIONS[code] ?? 'Application segments', applications, applicationColumns),
    listTable('What the ticket expects, and what was found', differences, differenceColumns, true),
    Object.values(group).some((one) => one !== undefined) ? threeStates(group) : undefined,
    otherValues(others),
    cut === undefined ? undefined : { ...plainTable('Details', []), note: asSentence(textOf(cut)) },
  ].filter((table) => table !== undefined);
}

const CANDIDATES: Partial<Record<RejectionCode, string>> = {
  'group-name-ambiguous': 'Segment groups that answer to the name',
  'application-name-ambiguous': 'Application segments that answer to the name',
  'group-exists': 'Segment groups that have the name',
};

const RULES: Partial<Record<RejectionCode, string>> = {
  'plan-outdated': 'Policy rules that would open more access',
};

const APPLICATIONS: Partial<Record<RejectionCode, string>> = {
  'application-not-found': 'Application segments that do not exist',
  'group-not-empty': 'Application segments still in the group',
  'would-leave-ungrouped': 'Application segments that would have no group',
  'application-in-other-group': 'Application segments in other groups',
};

type Column = { title: string; code?: true; read: (fields: Fields) => DetailCell };

const candidateColumns: Column[] = [
  { title: 'Name', read: ({ name }) => cell(shownName(name)) },
  { title: 'Id', code: true, read: ({ id }) => cell(textOf(id)) },
];

const nameColumns: Column[] = [
  { title: 'Name', read: ({ name }) => cell(shownName(name)) },
  { title: 'Planned', code: true, read: ({ planned }) => cell(textOf(planned)) },
  { title: 'Now', code: true, read: ({ now }) => cell(textOf(now)) },
];

const ruleColumns: Column[] = [
  { title: 'Rule', read: ({ ruleName, ruleId }) => withId(ruleName, ruleId) },
  { title: 'Policy', read: ({ policyType }) => cell(readable(textOf(policyType))) },
  { title: 'Order', read: ({ ruleOrder }) => cell(textOf(ruleOrder)) },
  { title: 'Action', read: ({ action }) => cell(readable(textOf(action))) },
  { title: 'Application segments', code: true, read: ({ applications }) => cell(textOf(applications)) },
  { title: 'Microtenant', read: ({ microtenantId: id }) => cell(id === undefined || id === '0' ? '' : textOf(id)) },
];

const applicationColumns: Column[] = [
  { title: 'Application segment', read: ({ name, id }) => withId(name, id) },
  { title: 'Its group', read: ({ group }) => (isFields(group) ? withId(group.name, group.id) : cell(textOf(group))) },
];

const differenceColumns: Column[] = [
  { title: 'Field', code: true, read: ({ field }) => cell(textOf(field)) },
  { title: 'Expected', read: ({ expected }) => cell(shownValue(expected)) },
  { title: 'Found', read: ({ found }) => cell(shownValue(found)) },
];

/** A list of objects, or of plain ids; columns without a value in any row are left out. */
function listTable(caption: string, value: unknown, columns: Column[], rowHeads = false): DetailTable | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  const more = list.filter((one) => typeof one === 'string' && LEFT_OUT.test(one));
  const entries = list.filter((one) => !more.includes(one));
  const note = more.length === 0 ? {} : { note: `And ${textOf(more[0]).slice(1, -1)}.` };
  const rows = entries.map((one) => (isFields(one) ? one : { id: one }));
  const used = columns.filter(({ read }) => rows.some((row) => read(row).text !== ''));
  return {
    caption,
    columns: used.map(({ title }) => title),
    rows: rows.map((row) => used.map(({ read }) => read(row))),
    rowHeads,
    codes: used.flatMap(({ code }, index) => (code ? [index] : [])),
    ...note,
  };
}

/** The entry that `truncateDetails` puts in place of those it left out. */
const LEFT_OUT = /^\(\d+ more\)$/;

const GROUP_FIELDS: [title: string, read: (group: Fields) => string][] = [
  ['Name', ({ name }) => shownName(name)],
  ['Description', ({ description }) => shownValue(description)],
  ['Enabled', ({ enabled }) => shownValue(enabled)],
  ['Application segments', ({ applicationCount }) => textOf(applicationCount)],
];

/** The group before the change, as intended, and as it is now. */
function threeStates(group: { before: unknown; intended: unknown; live: unknown }): DetailTable {
  const states = [group.before, group.intended, group.live];
  const rows = GROUP_FIELDS.map(([title, read]) => [title, ...states.map((one) => (isFields(one) ? read(one) : '–'))]);
  return {
    caption: 'The segment group before, as intended, and as it lives now',
    columns: ['Field', 'Before', 'Intended', 'Live'],
    rows: rows.filter((row) => row.slice(1).some((text) => text !== '' && text !== '–')).map((row) => row.map(cell)),
    rowHeads: true,
    codes: [],
    ...lastWritten(group.live),
  };
}

function lastWritten(live: unknown): { note?: string } {
  if (!isFields(live) || live.modifiedTime === undefined) return {};
  const by = live.modifiedBy === undefined ? '' : ` by ${textOf(live.modifiedBy)}`;
  return { note: `Last written ${epochText(live.modifiedTime)}${by}.` };
}

function zpaAnswer(fault: RejectionSource['zpaError']): DetailTable | undefined {
  if (fault === undefined) return undefined;
  const rows: [string, string | undefined][] = [
    ['Reason', fault.reason],
    ['Error', fault.zpaId],
    ['Status', fault.status?.toString()],
  ];
  const known = rows.flatMap(([title, text]) => (text === undefined ? [] : [[title, text]]));
  return known.length === 0 ? undefined : plainTable('What ZPA answered', known);
}

function otherValues(others: Fields): DetailTable | undefined {
  const rows = Object.entries(others).map(([name, value]) => [
    readable(name),
    name === 'causedBy' && isFields(value) ? causeText(value) : shownValue(value),
  ]);
  return rows.length === 0 ? undefined : plainTable('Other details', rows);
}

/** The other rejection that a rejection follows from. Of a member that was not found only its key is known. */
function causeText({ idempotencyKey, code, sentence }: Fields): string {
  const why = [code === undefined ? '' : ` (${textOf(code)})`, sentence === undefined ? '' : `: ${textOf(sentence)}`];
  return textOf(idempotencyKey) + why.join('');
}

const plainTable = (caption: string, rows: string[][]): DetailTable => ({
  caption,
  columns: [],
  rows: rows.map((row) => row.map(cell)),
  rowHeads: true,
  codes: [],
});
