type Environment = Record<string, string>;
type Worker = { close(): Promise<void> };

/**
 * The other side of `startWorkerProcess`: the first message is the environment; each later one is answered with the CPU
 * time used since the start. When its parent closes the channel, running work is finished first.
 */
export function runWorkerProcess(start: (environment: Environment) => Promise<Worker>): void {
  const send = (message: unknown) => void process.send?.(message);
  process.once('message', async (environment: Environment) => {
    const worker = await start(environment);
    process.on('message', () => send(process.cpuUsage()));
    process.once('disconnect', () => void worker.close().finally(() => process.exit()));
    send('ready');
  });
}
