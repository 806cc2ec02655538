import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/catalog.md'), 'utf8');
const SCRIPT = /```js\n(.*?)```/s.exec(PAGE)?.[1] ?? '';

type Row = Record<string, unknown>;
type CatalogPage = { entries: { id: string; name: string }[]; notRead: { why: string }[]; next?: string };

/** Runs the script of the choice list in ServiceNow as far as it goes there, over choices that are there already. */
function run(pages: CatalogPage[], ...known: string[]) {
  let rows: Row[] = known.map((value) => ({ question: 'SYS_ID-OF-THE-VARIABLE', value, text: `old ${value}` }));
  const asked: string[] = [];
  const said: string[] = [];
  class RESTMessageV2 {
    setEndpoint(address: string) {
      asked.push(address.replace(/^.*\?/, ''));
    }
    setHttpMethod() {}
    setAuthenticationProfile() {}
    execute() {
      const page = pages[asked.length - 1];
      return { getStatusCode: () => (page === undefined ? 503 : 200), getBody: () => JSON.stringify(page ?? {}) };
    }
  }
  class GlideRecord {
    row: Row = {};
    wanted: Row = {};
    found: Row[] = [];
    addQuery(field: string, value: unknown) {
      this.wanted[field] = value;
    }
    query() {
      this.found = rows.filter((row) => Object.entries(this.wanted).every(([field, value]) => row[field] === value));
    }
    next() {
      const row = this.found.shift();
      this.row = row ?? this.row;
      return row !== undefined;
    }
    initialize() {
      this.row = {};
    }
    setValue(field: string, value: unknown) {
      this.row[field] = value;
    }
    getValue(field: string) {
      return this.row[field];
    }
    update() {}
    insert() {
      rows.push(this.row);
    }
    deleteRecord() {
      rows = rows.filter((row) => row !== this.row);
    }
  }
  const gs = { error: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  runInNewContext(SCRIPT, { sn_ws: { RESTMessageV2 }, GlideRecord, gs });
  return { choices: rows.map(({ value, text }) => `${value} ${text}`).sort(), asked, said };
}

const [one, two] = [
  { id: '1', name: 'Web' },
  { id: '2', name: 'Mail' },
];
const missing = { why: 'Tenant "lab" has not been read completely yet.' };

it('the choices are all pages of a complete catalog, and what is gone is deleted', () => {
  const ran = run(
    [
      { entries: [one], notRead: [], next: 'x=' },
      { entries: [two], notRead: [] },
    ],
    '1',
    '9',
  );
  expect(ran.asked).toEqual(['kind=group', 'kind=group&after=x%3D']);
  expect(ran.choices).toEqual(['1 Web', '2 Mail']);
});

it('the choices stay where a tenant is missing on any page, and new ones join them', () => {
  const ran = run(
    [
      { entries: [one], notRead: [missing], next: 'x=' },
      { entries: [two], notRead: [] },
    ],
    '1',
    '9',
  );
  expect(ran.choices).toEqual(['1 Web', '2 Mail', '9 old 9']);
  expect(ran.said).toEqual([`zpa-changes catalog: ${missing.why}`]);
});

it('the choices stay as they were where a page cannot be fetched', () => {
  expect(run([{ entries: [two], notRead: [], next: 'x' }], '9').choices).toEqual(['9 old 9']);
});
