import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { readFileOrInput } from '../../session/choose.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import { refusalError, sendDelivery } from '../../session/deliver.ts';

const HELP = `
The file is sent as it is, proved by the source's own scheme with its secret,
which your AWS rights must let you read. Where the source wants an id and a time
in the body and the file has none, they are added. It is a real delivery: what
the source may ask for is carried out.
Example:
  zpa-changes sources sign servicenow payload.json`;

/** Adds the command `sources sign`. */
export function addSourcesSign(sources: Command, bind: BindCommand): void {
  sources
    .command('sign')
    .summary('send a signed sample')
    .description('Sends a payload to the webhook as this source would, and shows what it answers.')
    .argument('<source>', 'as it is named in the configuration')
    .argument('<file>', 'what the ticket system sends, or - for stdin')
    .option('--id <id>', 'id of the delivery: the same one again is the same delivery')
    .addHelpText('after', HELP)
    .action(bind(sign));
}

const sign: OpsCommand<{ id?: string }> = async (
  { session, terminal, signal, processContext },
  options,
  source = '',
  file = '-',
) => {
  const text = await readFileOrInput(file, processContext);
  const id = options.id ?? `msg_${randomUUID()}`;
  const answer = await sendDelivery(session, source, text, signal, id);
  if (answer.status >= 300) throw refusalError(answer.status, answer.text);
  terminal.say(`${answer.status}: the webhook took delivery ${visible(id)}.`);
  const body = parseJson(answer.text);
  for (const line of (JSON.stringify(body, null, 2) ?? '').split('\n')) terminal.say(visible(line, 2000));
  terminal.document({ status: answer.status, id, answer: body });
  return EXIT.ok;
};
