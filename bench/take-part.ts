type Environment = Record<string, string>;

/**
 * The other side of `startWorkerProcess`: the first message is the environment; each later one is answered with the CPU
 * time used since the start. Ends with its parent.
 */
export function takePart(start: (environment: Environment) => Promise<void>): void {
  const tell = (message: unknown) => void process.send?.(message);
  process.once('message', async (environment: Environment) => {
    await start(environment);
    process.on('message', () => tell(process.cpuUsage()));
    tell('ready');
  });
  process.once('disconnect', () => process.exit());
}
