import { expect, it } from 'vitest';
import { acceptText, formOf } from '../../../../functions/ops/checks/secret-form.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { neededSecrets } from '../../../../shared/domain/configuration/needed-secrets.ts';

const configuration = configurationSchema.parse({
  name: 'here',
  tenants: { acme: { customerId: '1', vanity: 'acme' }, old: { customerId: '2', auth: 'legacy' } },
  sources: {
    desk: { system: 'Desk', catalog: true, tickets: { kind: 'servicenow', url: 'https://desk.example' } },
    jira: { system: 'Jira', tickets: { kind: 'jira', url: 'https://acme.atlassian.net' } },
    hook: { system: 'Hook', tickets: { kind: 'webhook', url: 'https://hook.example' } },
  },
});
const needed = neededSecrets(configuration).filter(({ kind }) => kind !== 'status');

it.each(needed.map((one) => [one.name, one] as const))('a wrong text of %s is refused in whole sentences', (_, one) => {
  const form = formOf(one);
  const refused = (text: string) => () => acceptText(form, text);
  for (const text of ['{"hush": "hush"}', 'hush', '["hush"]']) {
    expect(refused(text)).toThrow(/^The value is not valid(: [^.]+)?\. Nothing was written\.$/);
    expect(refused(text)).not.toThrow(/hush/);
    expect(refused(text)).toThrow(expect.objectContaining({ remedy: `Expected: ${form.expects}.` }));
  }
});
