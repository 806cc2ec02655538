/**
 * Equal values get equal numbers, and one frozen object each: states are compared by number, not by content. An object
 * is distinguished by the numbers of its parts, so that only new parts have to be compared.
 */
export type Interner = {
  idOf(value: unknown): number;
  /** The one object that stands for all that are equal to it. */
  canonical<T>(value: T): T;
};

export function createInterner(): Interner {
  const known = new Map<string, number>();
  const ids = new WeakMap<object, number>();
  const values: unknown[] = [];

  function idOf(value: unknown): number {
    if (!isObject(value)) return enter(`${typeof value}:${String(value)}`, value);
    const before = ids.get(value);
    if (before !== undefined) return before;
    const id = enter(textOf(value), value);
    ids.set(value, id);
    return id;
  }

  function textOf(value: object): string {
    if (Array.isArray(value)) return `[${value.map(idOf).join()}]`;
    let text = '{';
    for (const [name, one] of Object.entries(value)) if (one !== undefined) text += `${name}:${idOf(one)},`;
    return text;
  }

  function enter(text: string, value: unknown): number {
    const before = known.get(text);
    if (before !== undefined) return before;
    const id = known.size + 1;
    known.set(text, id);
    values[id] = Object.freeze(value);
    return id;
  }

  return {
    idOf,
    // Equal by what it holds is equal for the model: nothing here has an identity of its own.
    canonical: <T>(value: T) => (isObject(value) ? (values[idOf(value)] as T) : value),
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
