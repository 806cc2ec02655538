type Late<T> = {
  /** Opens it with the first call; all calls share it. An opening that fails is repeated by the next call. */
  open(): Promise<T>;
  /** The one that is open or being opened; undefined before the first call, and after an opening that failed. */
  opened(): Promise<T> | undefined;
};

/** Opens with its first use, once, what few invocations need, such as code that is large to load. */
export function openLate<T>(make: () => Promise<T>): Late<T> {
  let opened: Promise<T> | undefined;
  const forget = (error: unknown) => {
    opened = undefined;
    throw error;
  };
  return { open: () => (opened ??= make().catch(forget)), opened: () => opened };
}
