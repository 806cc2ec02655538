import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to another port that can be cut: while it is, connecting is refused. */
export type Relay = {
  url: string;
  /** Sets the target, before the first connection. */
  lead(url: string): void;
  cut(): Promise<void>;
  mend(): Promise<void>;
};

export async function openRelay(): Promise<Relay> {
  let target = 0;
  const sockets = new Set<Socket>();
  let server: Server = listening();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address() as AddressInfo;

  function listening(): Server {
    return createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => sockets.delete(one));
        one.pipe(other);
      }
    });
  }
  return {
    url: `http://127.0.0.1:${port}`,
    lead: (url) => {
      target = Number(new URL(url).port);
    },
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    mend: async () => {
      server = listening();
      await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
    },
  };
}
