import { stripVTControlCharacters } from 'node:util';
import type { Console } from '../../../functions/ops/output/terminal.ts';

export type RecordingConsole = Console & { stdout(): string; stderr(): string; asked: string[] };

/** A console whose input and output the test controls. */
export function createRecordingConsole(
  over: Partial<Console> & { input?: string; answer?: boolean } = {},
): RecordingConsole {
  const { input = '', answer = true, ...given } = over;
  const out: string[] = [];
  const err: string[] = [];
  const asked: string[] = [];
  return {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    readInput: async () => input,
    interactive: false,
    colours: false,
    ask: async (question) => {
      asked.push(question);
      return answer;
    },
    askSecret: async (question) => {
      asked.push(question);
      return input;
    },
    askText: async ({ message, preset = '' }) => {
      asked.push(message);
      return preset;
    },
    ...given,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    asked,
  };
}

export const plain = stripVTControlCharacters;
