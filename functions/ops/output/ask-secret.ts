import { password } from '@inquirer/prompts';

type Streams = { input?: NodeJS.ReadableStream; output: NodeJS.WritableStream };

/** Asks for a text and shows nothing of it, neither its length nor, by any key, itself. */
export const askSecret = (message: string, streams: Streams): Promise<string> =>
  password({ message, mask: false, toggleMask: false }, streams);
