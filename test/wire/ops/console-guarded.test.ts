import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

/** Plans of the console in a tenant whose guard depends on policy rules, none of which it refuses. */
const scene = useScene({
  timeFactor: 20,
  schedules: false,
  simulator: { limits: 'off' },
  configure: ({ tenants, ...plain }) =>
    configurationSchema.parse({
      ...plain,
      tenants: Object.fromEntries(
        Object.entries(tenants).map(([name, tenant]) => {
          const rules = [{ rules: ['No rule has this name'], groups: ['*'], response: 'refuse' }];
          return [name, { ...tenant, reach: 'always', guards: { ...tenant.guards, rules } }];
        }),
      ),
    }),
});

const GROUP = 'Intranet';
const switched = {
  schemaVersion: 1,
  tenant: 'acme-prod',
  action: 'update',
  group: { name: GROUP },
  set: { enabled: false },
};

describe('a plan of the console where a guard depends on policy rules', () => {
  it('is what the worker would decide: an edited change can be sent', async () => {
    const failing = { ...switched, idempotencyKey: 'CG-1/1@A', group: { name: 'Nowhere' } };
    await scene.zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(failing) });
    const query = new URLSearchParams({ source: 'ops', tenant: 'acme-prod', key: 'CG-1/1@A', generation: '1' });
    await withConsole(scene.folder, async ({ get, press }) => {
      const { path, fields } = formOf((await get(`/failure/edit?${query}`)).body, '/failure/draft');
      const page = await press(path, { ...fields, text: JSON.stringify(switched), ticket: 'CHG80' });
      expect(textOf(page.body)).toContain('would be applied');
      const submit = formOf(page.body, '/failure/resubmit');
      expect(noticeOf((await press(submit.path, { ...submit.fields, dismiss: 'yes' })).body)).toContain(
        'is accepted as',
      );
    });
    const [edited] = (await scene.world.changes()).filter((one) => one.ticket.id === 'CHG80');
    if (edited === undefined) throw new Error('it was sent');
    const [ended] = await scene.world.awaitSettled([edited.ref]);
    expect(ended?.outcome).toMatchObject({ kind: 'applied', reach: { status: 'checked' } });
  });
});
