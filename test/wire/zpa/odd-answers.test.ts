import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../../shared/zpa/api/paginate.ts';
import { type Script, type ScriptedZpa, startScriptedZpa } from './scripted-zpa.ts';

let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());
const start = async (script: Script) => {
  zpa = await startScriptedZpa(script);
  return zpa;
};
/** Answers the same text to every call. */
const says = (text: string) => start(() => ({ status: 200, text }));
const onePage = (list: string) => `{"totalPages":1,"totalCount":1,"list":[${list}]}`;

/** Above 2^53: the nearest doubles end in …680 and …600. */
const GROUP = '216196257331394691';
const MEMBER = '926196382959075599';
const TENANT = '216196257331372699';

describe('ids as JSON numbers, which ZPA documents as 64-bit integers', () => {
  it('keep every digit in a group, its members and its writer', async () => {
    const server = await says(
      `{"id":${GROUP},"name":"Vault","enabled":true,"microtenantId": ${TENANT},"modifiedBy":${MEMBER},` +
        `"applications":[{"id":${MEMBER},"name":"${GROUP}, once"},\n{"id" : 45096653}]}`,
    );
    expect(await server.zpa().getGroup(GROUP)).toMatchObject({
      id: GROUP,
      microtenantId: TENANT,
      modifiedBy: MEMBER,
      applicationIds: ['45096653', MEMBER],
    });
  });

  it('keep every digit in lists, of applications and microtenants too', async () => {
    const groups = await says(onePage(`{"id":${GROUP},"name":"Vault"}`));
    expect(await collect(groups.zpa().listGroups())).toMatchObject([{ id: GROUP }]);
    await groups.close();
    const applications = await says(onePage(`{"id":${MEMBER},"name":"Safe","segmentGroupId":${GROUP}}`));
    expect(await collect(applications.zpa().listApplications())).toMatchObject([{ id: MEMBER, segmentGroupId: GROUP }]);
    await applications.close();
    const microtenants = await says(onePage(`{"id":${TENANT},"name":"Branch"}`));
    expect(await microtenants.zpa().listMicrotenants()).toMatchObject([{ id: TENANT }]);
  });

  it('are the id of a created group', async () => {
    const server = await start(() => ({ status: 201, text: `{"id":${GROUP},"name":"Vault"}` }));
    const fields = { name: 'Vault', description: '', enabled: true, configSpace: 'DEFAULT' } as const;
    const write = { kind: 'create', ...fields, applicationIds: [] as string[], microtenantId: '0' } as const;
    expect(await server.zpa().write(write, null)).toEqual({ groupId: GROUP });
  });

  it('are found in the conditions of rules, whose order may be a number too', async () => {
    const operand = `{"objectType":"APP_GROUP","lhs":"id","rhs":${GROUP}}`;
    const rule = `{"id":${MEMBER},"name":"Staff","ruleOrder":3,"conditions":[{"operator":"OR","operands":[${operand}]}]}`;
    const server = await says(onePage(rule));
    const { mentions } = await server.zpa().rulesNaming(GROUP);
    expect(mentions[0]).toMatchObject({ ruleId: MEMBER, ruleOrder: '3' });
    await server.close();
    const values = `{"objectType":"APP_GROUP","values":[ 45096653, ${GROUP}]}`;
    const second = await says(onePage(rule.replace(operand, values).replace(`{"id":${MEMBER}`, '{"id":"72"')));
    expect((await second.zpa().rulesNaming(GROUP)).mentions[0]).toMatchObject({ ruleId: '72' });
  });

  it('keep every digit in a list that begins with something else', async () => {
    for (const before of ['"72"', '-1', 'null', 'true', '{}', '[ ]']) {
      const operand = `{"objectType":"APP_GROUP","values":[${before} , ${GROUP}]}`;
      const rule = `{"id":"73","name":"Staff","conditions":[{"operands":[${operand}]}]}`;
      const server = await says(`{"totalPages":"1","list":[${rule}]}`);
      expect((await server.zpa().rulesNaming(GROUP)).mentions[0], before).toMatchObject({ ruleId: '73' });
      await server.close();
    }
  });

  it('that are no whole numbers are no ids', async () => {
    for (const id of [`${GROUP}.0`, '2.16e17', 'true', `-${GROUP}`]) {
      const server = await says(`{"id":${id},"name":"Vault"}`);
      await expect(server.zpa().getGroup(GROUP)).rejects.toMatchObject({ code: 'unexpected-answer' });
      await server.close();
    }
  });
});

describe('the Default microtenant', () => {
  it('may lack its id, as documented; no other may', async () => {
    const list = `{"id":"${TENANT}","name":"Branch","enabled":true},{"name":"Default","enabled":true}`;
    const server = await says(`{"totalPages":"1","list":[${list}]}`);
    expect(await server.zpa().listMicrotenants()).toEqual([
      { id: TENANT, name: 'Branch', enabled: true },
      { id: '0', name: 'Default', enabled: true },
    ]);
    await server.close();
    const nameless = await says('{"totalPages":"1","list":[{"name":"Branch","enabled":true}]}');
    await expect(nameless.zpa().listMicrotenants()).rejects.toMatchObject({ code: 'unexpected-answer' });
  });
});

describe('the encoding of an answer', () => {
  const bytes = (content: Buffer, status = 200): Script => {
    return (_, response) => void response.writeHead(status, { 'content-type': 'text/plain' }).end(content);
  };

  it('may begin with a byte order mark, under whatever content type', async () => {
    const server = await start(bytes(Buffer.from(`\u{FEFF}{"id":"${GROUP}","name":"Café"}`)));
    expect(await server.zpa().getGroup(GROUP)).toMatchObject({ name: 'Café' });
  });

  it.each([
    ['Latin-1', 'latin1'],
    ['UTF-16', 'utf16le'],
  ] as const)('%s is not guessed at: an update would write the damaged name back', async (_, encoding) => {
    const server = await start(bytes(Buffer.from(`{"id":"${GROUP}","name":"Café"}`, encoding)));
    await expect(server.zpa().getGroup(GROUP)).rejects.toMatchObject({ code: 'unreadable-answer' });
  });

  it('of an error is read as far as possible', async () => {
    const server = await start(bytes(Buffer.from('{"id":"resource.not.found","reason":"né"}', 'latin1'), 400));
    await expect(server.zpa().getGroup(GROUP)).rejects.toMatchObject({ code: 'not-found' });
  });
});
