import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { toItem } from '../../../shared/aws/settings/settings-item.ts';
import { parseSettings } from '../../../shared/settings/parse-settings.ts';

/** Settings of a provider with this many customers, each with its own ids, guards and grants. */
function settingsOf(customers: number): string {
  const numbers = Array.from({ length: customers }, (_, index) => index);
  const tenants = numbers.map((one) => [
    `customer-${one}-prod`,
    {
      customerId: String(216_196_257_331_000_000n + BigInt(one) * 7_919n),
      vanity: `customer${one}`,
      microtenants: { default: '0', branch: String(216_196_257_332_000_000n + BigInt(one) * 104_729n) },
      freezes: [{ from: 'fri 16:00', until: 'mon 06:00', timeZone: 'Europe/Berlin' }],
      guards: { protectedGroups: [{ groups: [`Core ${one}*`], refuse: ['deletes', 'removals'] }] },
    },
  ]);
  const sources = numbers
    .filter((one) => one % 8 === 0)
    .map((one) => [
      `servicenow-${one}`,
      {
        system: `ServiceNow ${one}`,
        ticketUrl: `https://customer${one}.service-now.com/nav_to.do?uri=change_request.do?sysparm_query=number={id}`,
        grants: numbers.slice(one, one + 8).map((tenant) => ({
          tenants: [`customer-${tenant}-prod`],
          actions: ['create', 'update'],
          groups: [`Web ${tenant} *`, 'Shared *'],
          applications: ['*'],
        })),
      },
    ]);
  return JSON.stringify({ tenants: Object.fromEntries(tenants), sources: Object.fromEntries(sources) });
}

it('settings of three hundred tenants take a twentieth of what an item may hold', () => {
  const { text } = parseSettings(settingsOf(300), 'settings.json');
  expect(gzipSync(text).length).toBeLessThan(300_000 / 20);
  expect(() => toItem({ version: 1, text, pushedAt: 1, pushedBy: 'local' }, 'token')).not.toThrow();
});
