import * as z from 'zod';

/** Ids exceed 2^53, so an id in a JSON number has lost digits already; only strings are accepted. */
export const zpaId = z.string().min(1);

/** Epoch seconds, which ZPA answers as a decimal string. */
export const seconds = z
  .unknown()
  .optional()
  .transform((value) =>
    (typeof value === 'string' || typeof value === 'number') && /^\d{1,15}$/.test(String(value))
      ? Number(value)
      : undefined,
  );

/** Who wrote an object last, and when. Nothing is decided on them alone, so an odd one counts as left out. */
export const stampFields = {
  modifiedBy: z
    .unknown()
    .optional()
    .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined)),
  modifiedTime: seconds,
};
