import { relative, resolve, sep } from 'node:path';
import type { Answers } from './questions.ts';

/** The top of this checkout, where the deployment looks for its configuration. */
export const CHECKOUT = resolve(import.meta.dirname, '../../../..');

/** The module of the stack's configuration; `folder` is where it will stand. */
export function stackText({ name, region, alarmEmail }: Answers, folder: string): string {
  const fields = { name, region, ...(alarmEmail === '' ? {} : { alarmEmail }) };
  const lines = Object.entries(fields).map(([field, value]) => `  ${field}: ${quote(value)},`);
  return `import type { StackConfigurationInput } from '${fromFolder(folder, 'cdk/configuration/stack-configuration.ts')}';

/** The stack; docs/deploy.md says which fields there are. Tenants and sources are no part of it, but settings. */
export default {
${lines.join('\n')}
} satisfies StackConfigurationInput;
`;
}

/** The settings, as JSON. */
export function settingsText(answers: Answers, folder: string): string {
  const { tenant, cloud, customerId, auth, vanity, source, system, ticketUrl, groups } = answers;
  const grant = {
    tenants: [tenant],
    actions: ['create', 'update'],
    groups: groups.split(',').map((name) => name.trim()),
    applications: ['*'],
  };
  const settings = {
    $schema: fromFolder(folder, 'docs/settings.schema.json'),
    tenants: { [tenant]: { cloud, customerId, auth, ...(vanity === '' ? {} : { vanity }) } },
    sources: {
      [source]: {
        scheme: 'standard-webhooks',
        system,
        ...(ticketUrl === '' ? {} : { ticketUrl }),
        grants: [{ ...grant, changesPerHour: 100 }],
      },
      ops: { system: 'operators', grants: [grant] },
    },
  };
  return `${withShortLists(JSON.stringify(settings, null, 2))}\n`;
}

/** Lists of names stand on one line each. */
const withShortLists = (json: string) =>
  json.replace(
    /\[\n\s+("[^\n]*(?:\n\s+"[^\n]*)*)\n\s+\]/g,
    (_, inside: string) => `[${inside.replace(/\n\s+/g, ' ')}]`,
  );

const quote = (text: string) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

/** The path of a file of this checkout, as a module in `folder` imports it. */
function fromFolder(folder: string, file: string): string {
  const path = relative(folder, resolve(CHECKOUT, file)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
