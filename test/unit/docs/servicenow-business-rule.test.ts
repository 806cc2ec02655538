import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { mapTicket } from '../../../shared/domain/mapping/map-ticket.ts';
import { mappingSchema } from '../../../shared/domain/mapping/mapping-schema.ts';
import { standardWebhooks } from '../../../shared/domain/source/standard-webhooks.ts';

const SCRIPT = readFileSync(join(import.meta.dirname, '../../../docs/servicenow/business-rule.js'), 'utf8');
const SECRET = standardWebhooks.toSecret(new Uint8Array(32).fill(7));
const NOW = Date.UTC(2026, 11, 1, 8);

type Values = Record<string, string>;
type Sent = { address: string; headers: Record<string, string>; body: string };

/** A field as Rhino shows it: a text, with what is displayed. */
const element = (value: string) => ({ toString: () => value, getDisplayValue: () => `shown ${value}` });

/** The script in ServiceNow as far as it goes there: the record, credentials, `generateMac` and `RESTMessageV2`. */
function run(fields: Values, variables: Values, { status = 202, credential = SECRET as string | null } = {}) {
  const sent: Sent[] = [];
  const said: string[] = [];
  class RESTMessageV2 {
    readonly message: Sent = { address: '', headers: {}, body: '' };
    setEndpoint(address: string) {
      this.message.address = address;
    }
    setHttpMethod(method: string) {
      expect(method).toBe('post');
    }
    setHttpTimeout() {}
    setRequestHeader(name: string, value: string) {
      this.message.headers[name.toLowerCase()] = value;
    }
    setRequestBody(body: string) {
      this.message.body = body;
    }
    /** ServiceNow replaces variables when it sends; none is set here. */
    execute() {
      this.message.body = this.message.body.replace(/\$\{[^}]*\}/g, '');
      sent.push(this.message);
      return { getStatusCode: () => status, getBody: () => '{"code":"x"}' };
    }
  }
  const provider = { getCredentialByID: () => (credential === null ? null : { getAttribute: () => credential }) };
  const elements = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, element(value)]));
  runInNewContext(SCRIPT, {
    current: {
      ...elements,
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, element(value)])),
      isValidField: (name: string) => Object.hasOwn(fields, name),
      getElement: (name: string) => elements[name] ?? element(''),
      getTableName: () => 'change_request',
    },
    sn_cc: {
      StandardCredentialsProvider: class {
        getCredentialByID = provider.getCredentialByID;
      },
    },
    sn_ws: { RESTMessageV2 },
    GlideDateTime: class {
      getNumericValue = () => String(NOW);
    },
    GlideCertificateEncryption: class {
      generateMac(key: string, algorithm: string, data: string) {
        expect(algorithm).toBe('HmacSHA256');
        return createHmac('sha256', Buffer.from(key, 'base64')).update(data, 'ascii').digest('base64');
      }
    },
    gs: { generateGUID: () => '9b1fde1c0000000000000000000000aa', error: (line: string) => said.push(line) },
  });
  return { sent, said };
}

const CHANGE = {
  number: 'CHG0031401',
  type: 'normal',
  state: '-2',
  approval: 'approved',
  on_hold: 'false',
  start_date: '2026-12-01 21:00:00',
  end_date: '2026-12-01 23:00:00',
  requested_by: '62826bf03710200044e0bfc8bcbe5df1',
  'requested_by.user_name': 'kim.adeyemi',
  sys_updated_by: 'lena.brandt',
  short_description: 'Größe 中 \u{1F600}',
};
const FORM = { zpa_tenant: 'acme-prod', zpa_action: 'enable', zpa_group: 'Intranet' };

describe('the business rule to paste', () => {
  it('signs as Standard Webhooks what it sends', () => {
    const [message] = run(CHANGE, FORM).sent;
    const { headers = {}, body = '' } = message ?? {};
    const verdict = standardWebhooks.verify({ secrets: [SECRET], headers, body, now: NOW, toleranceSeconds: 300 });
    expect(verdict).toEqual({ ok: true });
    expect(headers['content-type']).toBe('application/json');
    expect(body).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(body).record.short_description.value).toBe(CHANGE.short_description);
  });

  it('sends texts that look like variables of a REST message as they are', () => {
    const short_description = `Move \${group} for $5`;
    const [message] = run({ ...CHANGE, short_description }, FORM).sent;
    const { headers = {}, body = '' } = message ?? {};
    const verdict = standardWebhooks.verify({ secrets: [SECRET], headers, body, now: NOW, toleranceSeconds: 300 });
    expect(verdict).toEqual({ ok: true });
    expect(JSON.parse(body).record.short_description.value).toBe(short_description);
  });

  it('sends what the preset for change requests reads', async () => {
    const [message] = run(CHANGE, FORM).sent;
    const mapping = mappingSchema.parse({ preset: 'servicenow-change' });
    const mapped = await mapTicket(mapping, JSON.parse(message?.body ?? ''), { source: 'servicenow' });
    expect(mapped).toMatchObject({
      kind: 'mapped',
      ticket: { id: 'CHG0031401', requestedBy: 'kim.adeyemi' },
      changes: [
        {
          tenant: 'acme-prod',
          action: 'update',
          group: { name: 'Intranet' },
          set: { enabled: true },
          notBefore: '2026-12-01T21:00:00Z',
          notAfter: '2026-12-01T23:00:00Z',
        },
      ],
    });
  });

  it('sends what lies behind a task’s change', () => {
    const task = {
      ...CHANGE,
      change_request: 'abc',
      'change_request.approval': 'approved',
      'change_request.number': 'CHG1',
    };
    const record = JSON.parse(run(task, {}).sent[0]?.body ?? '').record;
    expect(record.change_request).toMatchObject({
      value: 'abc',
      approval: { value: 'approved' },
      number: { value: 'CHG1' },
    });
  });

  it('says nothing of what the integration user did', () => {
    expect(run({ ...CHANGE, sys_updated_by: 'zpa.changes' }, FORM).sent).toEqual([]);
  });

  it.each([400, 401, 503])('logs the answer %i by the ticket’s number, and no secret', (status) => {
    const { said } = run(CHANGE, FORM, { status });
    expect(said).toEqual([`zpa-changes answered ${status} to CHG0031401: {"code":"x"}`]);
    expect(said.join()).not.toContain(SECRET.slice(6));
  });

  it('logs that its credential is missing, and sends nothing unsigned', () => {
    const { sent, said } = run(CHANGE, FORM, { credential: null });
    expect(sent).toEqual([]);
    expect(said).toEqual([expect.stringContaining('there is no credential')]);
  });
});
