import type { DetailCell } from '../../../shared/domain/outcome/detail-values.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { detailTables } from '../../../shared/domain/outcome/rejection-details.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import type { Terminal } from './terminal.ts';

/** Prints the details of a rejection, one table per kind. ZPA's answer is printed with the outcome already. */
export function showDetails(terminal: Terminal, { code, details }: Rejection): void {
  for (const { caption, columns, rows, note } of detailTables({ code, details })) {
    terminal.say('');
    if (rows.length > 0) {
      terminal.say(terminal.colours.bold(caption));
      const head = columns.length > 0 ? columns : (rows[0] ?? []).map(() => '');
      terminal.table(
        head.map((title) => title.toLowerCase()),
        rows.map((row) => row.map(inOneLine)),
      );
    }
    if (note !== undefined) terminal.say(terminal.colours.dim(visible(note)));
  }
}

const inOneLine = ({ text, id }: DetailCell) => (id === undefined ? text : `${text} (${id})`);
