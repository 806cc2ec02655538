import { describe, expect, it } from 'vitest';
import type { ListOptions } from '../../../../shared/ports/ports.ts';
import { findByName } from '../../../../shared/zpa/api/find-by-name.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';

const NAMES = ['Web Apps', 'web apps', 'Web Apps 2', 'R&D (east)', 'Zürich', 'Web Apps'];

function listOf(names: string[], refuse?: string) {
  const asked: ListOptions[] = [];
  const list = async function* (options: ListOptions) {
    asked.push(options);
    if (options.search !== undefined && refuse !== undefined) throw new ZpaError('no', { code: refuse });
    yield* names.map((name, n) => ({ name, n }));
  };
  return { list, asked };
}

describe('finding by name', () => {
  it('asks the server, compares exactly and answers every match', async () => {
    const { list, asked } = listOf(NAMES);
    const found = await findByName(list, 'Web Apps', { microtenantId: '0' });
    expect(found.map(({ n }) => n)).toEqual([0, 5]);
    expect(asked).toEqual([{ microtenantId: '0', search: 'name EQ Web Apps' }]);
  });

  it.each(['search-refused', 'invalid-argument', 'refused', 'bad-request'])('lists all after %s', async (code) => {
    const { list, asked } = listOf(NAMES, code);
    expect(await findByName(list, 'Web Apps 2')).toHaveLength(1);
    expect(asked.map(({ search }) => search)).toEqual(['name EQ Web Apps 2', undefined]);
  });

  it.each(['R&D (east)', 'Zürich', 'a  b', ' a', "it's"])('never searches for %j', async (name) => {
    const { list, asked } = listOf([...NAMES, name]);
    expect((await findByName(list, name)).length).toBeGreaterThan(0);
    expect(asked.map(({ search }) => search)).toEqual([undefined]);
  });

  it.each(['Sales AND Marketing', 'Sales and Marketing', 'Apps EQ Two', 'apps eq two', 'Not like others'])(
    'lists all where a search for %j finds none: ZPA may take a word of it for its own',
    async (name) => {
      const { list, asked } = listOf([...NAMES, name]);
      async function* misreading(options: ListOptions) {
        for await (const one of list(options)) if (options.search === undefined) yield one;
      }
      expect(await findByName(misreading, name)).toHaveLength(1);
      expect(asked.map(({ search }) => search === undefined)).toEqual([false, true]);
      asked.length = 0;
      expect(await findByName(list, name)).toHaveLength(1);
      expect(asked.map(({ search }) => search)).toEqual([`name EQ ${name}`]);
    },
  );

  it('a search that finds none is believed where no word of the name is one of the filter', async () => {
    const { list, asked } = listOf([]);
    expect(await findByName(list, 'Android Order Notes')).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it.each(['NFC', 'NFD'] as const)('finds a name that ZPA stores in another Unicode form than %s', async (form) => {
    const stored = ['Zürich'.normalize('NFC'), 'Zürich'.normalize('NFD'), 'Zurich'];
    const { list, asked } = listOf(stored);
    expect((await findByName(list, 'Zürich'.normalize(form))).map(({ name }) => name)).toEqual(stored.slice(0, 2));
    expect(asked.map(({ search }) => search)).toEqual([undefined]);
  });

  it('finds a name that a ticket wrote with entities', async () => {
    const { list } = listOf(NAMES);
    expect((await findByName(list, 'R&amp;D (east)')).map(({ name }) => name)).toEqual(['R&D (east)']);
  });

  it('a list that failed is no empty list', async () => {
    const { list } = listOf(NAMES, 'rate-limited');
    await expect(findByName(list, 'Web Apps')).rejects.toMatchObject({ code: 'rate-limited' });
  });
});
