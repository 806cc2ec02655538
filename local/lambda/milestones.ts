/** A signal that repeats: every waiting caller is released the next time it passes. */
export type Milestones = {
  pass(): void;
  next(): Promise<void>;
};

export function createMilestones(): Milestones {
  let upcoming = Promise.withResolvers<void>();
  return {
    pass: () => {
      const passed = upcoming;
      upcoming = Promise.withResolvers<void>();
      passed.resolve();
    },
    next: () => upcoming.promise,
  };
}

/** Resolves when the signal aborts. One promise per signal: every call adds a listener. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
