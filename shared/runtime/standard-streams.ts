/**
 * What a program prints goes through here. A reader may close the pipe early (`| head`), which is no error: the program
 * then ends as after Ctrl-C, so that it removes what it made. One that does not listen to that ends at once.
 */
const { stdout, stderr } = process;
let isClosed = false;

for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (isClosed) return;
    isClosed = true;
    if (!process.emit('SIGINT', 'SIGINT')) process.exit();
  });
}

export const toStdout = (text: string) => void stdout.write(text);
export const toStderr = (text: string) => void stderr.write(text);

/** True once a reader of this process has closed its pipe. */
export const isReaderGone = () => isClosed;
