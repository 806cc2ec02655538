import { describe, expect, it } from 'vitest';
import { mapTicket } from '../../../shared/domain/mapping/map-ticket.ts';
import { mappingSchema } from '../../../shared/domain/mapping/mapping-schema.ts';
import { createEvaluate } from '../../../shared/runtime/jsonata-evaluate.ts';

/** Patient, because on a busy machine a thread may get no processor for a while. */
const evaluate = createEvaluate({ timeMs: 20_000 });
/** Limits for an expression that never ends: its time is over soon. */
const impatient = createEvaluate({ timeMs: 200 });
const saysOf = async (expression: string, payload: unknown = {}, by = evaluate) => {
  const done = await by(expression, payload);
  return done.ok ? JSON.stringify(done.value) : done.says;
};

describe('JSONata in a thread', () => {
  it('maps a ticket', async () => {
    const jsonata = `{
      "ticket": key,
      "changes": items.{"tenant": "acme-prod", "action": "update", "group": {"name": group},
                        "applications": {"add": [$split(apps, ",").{"name": $trim($)}]}}
    }`;
    const payload = {
      key: 'DESK-1',
      items: [
        { group: 'A', apps: 'wiki, crm' },
        { group: 'B', apps: 'mail' },
      ],
    };
    const mapping = mappingSchema.parse({ jsonata });
    const mapped = await mapTicket(mapping, payload, { source: 'desk', evaluate });
    expect(mapped.kind === 'mapped' ? mapped.changes : mapped).toMatchObject([
      { idempotencyKey: 'DESK-1/1', applications: { add: [{ name: 'wiki' }, { name: 'crm' }] } },
      { idempotencyKey: 'DESK-1/2', group: { name: 'B' }, applications: { add: [{ name: 'mail' }] } },
    ]);
  });

  it.each<[string, string, unknown?]>([
    ['a loop', '($f := function() { $f() }; $f())'],
    ['a regular expression that tries too much', `$match("${'a'.repeat(40)}!", /^(a+)+$/)`],
    [
      'a search through a payload',
      '$reduce(**, function($a, $b) { $count($$.**) }, 0)',
      { list: Array.from({ length: 3000 }, () => [1]) },
    ],
  ])('%s is ended when its time is over', async (_, expression, payload) => {
    expect(await saysOf(expression, payload, impatient)).toBe('was not done after 200 ms');
  });

  it.each([
    ['recursion', '($f := function($n) { 1 + $f($n) }; $f(1))', 'Stack overflow'],
    ['a list without end', '[1..9999999]', 'sequence length'],
    ['an answer too large', '$map([1..5000], function() { $$ })', 'it answers more than 1048576 characters'],
    ['a syntax error', 'a[', 'failed at character 2 (S0203)'],
    ['an error of its own', '$error("no group chosen")', 'no group chosen'],
  ])('%s is refused', async (_, expression, says) => {
    expect(await saysOf(expression, { text: 'x'.repeat(1000) })).toContain(says);
  });

  it.each([
    '$eval("1")',
    '($e := $eval; $e("1"))',
    '["1"] ~> $map($eval)',
    '$now()',
    '$millis()',
    '$random()',
    '$shuffle([1, 2])',
  ])('%s is not available', async (expression) =>
    expect(await saysOf(expression)).toContain('is not available in a mapping'),
  );

  it('sees neither environment nor prototypes, and leaves nothing to the next ticket', async () => {
    expect(await saysOf('[constructor, __proto__, text.constructor, text.length]', { text: 'x' })).toBe('[]');
    await saysOf('$ ~> |$|{"__proto__": {"polluted": true}}|', { a: 1 });
    expect(await saysOf('{}.polluted')).toBe('null');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await saysOf('$x := 1')).toBe('1');
    expect(await saysOf('$x')).toBe('null');
  });

  it('a payload with hostile keys is data', async () => {
    const payload: unknown = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 7}');
    expect(await saysOf('constructor', payload)).toBe('7');
    expect(await saysOf('$keys($)', payload)).toBe('["__proto__","constructor"]');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('a payload that has no JSON is refused', async () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(await saysOf('$', ring)).toBe('cannot read this payload');
  });

  it('carries out several at once, each in its own thread', async () => {
    const all = await Promise.all([1, 2, 3].map((n) => saysOf('n * 2', { n })));
    expect(all).toEqual(['2', '4', '6']);
  });
});
