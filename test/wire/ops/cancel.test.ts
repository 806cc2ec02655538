import { describe, expect, it } from 'vitest';
import { useScene } from './use-scene.ts';

const scene = useScene({ timeFactor: 20, schedules: false });
const { zpa } = scene;

const document = async (argv: string[]) => JSON.parse((await zpa(['--json', ...argv])).out);

/** So far in the future that the change stays open for the whole test. */
const NOT_BEFORE = '2099-01-01T00:00:00Z';

const changeOf = (key: string, more: object = { notBefore: NOT_BEFORE }) => ({
  schemaVersion: 1,
  idempotencyKey: key,
  tenant: 'acme-prod',
  action: 'create',
  group: { name: key.replace('/', ' ') },
  ...more,
});
async function send(source: string, key: string, more?: object): Promise<string> {
  expect((await scene.world.deliver(source, changeOf(key, more))).status).toBe(202);
  return key;
}
/** Far away, with a name of its own for the group. */
const in2099 = (name: string) => ({ notBefore: NOT_BEFORE, group: { name } });
const WHY = ['--reason', 'approval withdrawn'];

describe('cancel', () => {
  it('takes back what the CLI sent, through the webhook', async () => {
    const key = await send('ops', 'C/1');
    const status = await zpa(['status', key]);
    expect(status).toMatchObject({ exit: 6, out: expect.stringMatching(/scheduled +for 2099-01-01T00:00:00/) });
    const { exit, out } = await zpa(['cancel', key, ...WHY, '--yes']);
    expect({ exit, out }).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/cancelled by ops\n +why +Approval withdrawn/),
    });
    expect(await document(['cancel', key, ...WHY, '--yes'])).toMatchObject({ result: 'cancelled' });
    // Nothing of it took effect, which a script must not take for applied.
    expect((await zpa(['status', key])).exit).toBe(1);
    // It would wait for the notice, which the webhook leaves to the sweeper.
    const again = await zpa(['submit', '-', '--wait', '0'], { readInput: async () => JSON.stringify(changeOf(key)) });
    expect(again).toMatchObject({ exit: 1, out: expect.stringContaining('cancelled by ops') });
  });

  it('of another source is an operator’s act on the ledger, kept with a name, and announced at once', async () => {
    const key = await send('servicenow', 'C/2');
    expect(await zpa(['cancel', key, ...WHY, '--yes'])).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/source "servicenow"[\s\S]*--source servicenow/),
    });
    const { exit, out } = await zpa(['cancel', key, ...WHY, '--source', 'servicenow', '--by', 'lena', '--yes']);
    expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining('cancelled by lena (operator)') });
    const [record] = await scene.world.awaitSettled(scene.world.refs('servicenow', [key]));
    expect(record?.outcome).toMatchObject({ kind: 'cancelled', by: 'lena (operator)', reason: 'approval withdrawn' });
    expect(scene.world.outcomes().map(({ ref }) => ref.idempotencyKey)).toContain(key);
  });

  it('of what is settled says how it ended', async () => {
    const key = await send('ops', 'C/3', {});
    await scene.world.awaitSettled(scene.world.refs('ops', [key]));
    for (const more of [[], ['--source', 'ops']]) {
      const { exit, out } = await zpa(['cancel', key, ...WHY, '--yes', ...more]);
      expect({ exit, out }).toMatchObject({ exit: 1, out: expect.stringMatching(/cannot be cancelled[\s\S]*applied/) });
    }
  });

  it('and `status` find a change by its ticket, by its line, and name the candidates if several begin so', async () => {
    const [first] = [await send('ops', 'D1/1@A', in2099('D1 1')), await send('ops', 'D1/2@A', in2099('D1 2'))];
    expect((await zpa(['status', 'D1/1'])).out).toContain(first);
    expect(await zpa(['status', 'D1'])).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/2 changes[\s\S]*D1\/1@A \(--source ops --tenant acme-prod\) \| D1\/2@A/),
    });
    const ofTicket = { id: 'D2' };
    for (const line of ['D2/1@A', 'D2/2@A'])
      await send('ops', line, { ...in2099(line.replace('/', ' ').replace('@', ' ')), ticket: ofTicket });
    expect((await zpa(['status', 'D2'])).err).toMatch(/All of them: zpa-changes status --ticket D2/);
    expect(await document(['cancel', 'D1/2', ...WHY, '--yes'])).toMatchObject({ idempotencyKey: 'D1/2@A' });
    expect((await zpa(['status', 'D1/3'])).exit).toBe(3);
  });

  it.each([
    ['ops', 'C/5', []],
    ['servicenow', 'C/6', ['--source', 'servicenow']],
  ])('of source %s cancels no retry that began while it asked', async (source, name, more) => {
    const key = await send(source, name);
    const [ref = expect.fail('one key is one reference')] = scene.world.refs(source, [key]);
    const { ledger } = scene.world;
    const ask = async () => {
      const shown = (await ledger.readChange(ref)) ?? expect.fail('it is accepted');
      await ledger.writeChange({ ...shown, generation: shown.generation + 1 }, shown.version);
      return true;
    };
    const { exit, out } = await zpa(['cancel', key, ...WHY, ...more], { interactive: true, ask });
    expect({ exit, out }).toMatchObject({
      exit: 1,
      out: expect.stringContaining('It was retried since it was shown.'),
    });
    expect(out).not.toContain('complete');
    const left = await ledger.readChange(ref);
    expect(left).toMatchObject({ state: 'scheduled', generation: 2 });
    expect(left).not.toHaveProperty('cancelRequest');
  });

  it('asks first, and needs a reason', async () => {
    const key = await send('ops', 'C/4');
    expect((await zpa(['cancel', key, ...WHY], { interactive: true, ask: async () => false })).exit).toBe(130);
    expect((await zpa(['cancel', key, ...WHY])).exit).toBe(2);
    expect((await zpa(['cancel', key, '--yes'])).exit).toBe(2);
    expect((await zpa(['status', key])).exit).toBe(6);
    expect((await zpa(['cancel', 'never/sent', ...WHY, '--yes'])).exit).toBe(3);
  });
});
