/** Why `npm start` or the simulator did not start, and the remedy: mostly a port or a folder is in use. */
export function startFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port, message }: Error & { code?: unknown; port?: unknown } = error;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use, perhaps by another start of the same.\nChoose another port with --port N, or 0 for any.`;
  }
  if (code !== 'data-folder-in-use') return message;
  return `${message}\nStop that one, or choose another folder with --data DIR.`;
}
