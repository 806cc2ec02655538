import type { ServerResponse } from 'node:http';
import { documentHead, documentRest, type Frame, type Shown, waitingLine } from './layout.ts';

/**
 * The answer with a page. It is sent in one piece, unless reading says what it waits for: then the frame and these lines go
 * ahead, and the person sees them meanwhile. The status is then 200 whatever follows.
 */
export function answerPage(response: ServerResponse, frame: Frame, label: string) {
  let isBegun = false;
  const begin = (status: number, title: string) => {
    if (isBegun) return;
    isBegun = true;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.write(documentHead(frame, title).html);
  };
  return {
    waitFor(line: string) {
      begin(200, label);
      response.write(waitingLine(line).html);
    },
    end(status: number, shown: Shown) {
      begin(status, shown.content.title);
      response.end(documentRest(shown).html);
    },
  };
}
