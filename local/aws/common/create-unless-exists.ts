/** Runs `make` only if `look` finds nothing. */
export async function createUnlessExists(
  look: () => Promise<unknown>,
  missing: string[],
  make: () => Promise<unknown>,
): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof Error) || !missing.includes(error.name)) throw error;
    await make();
  }
}
