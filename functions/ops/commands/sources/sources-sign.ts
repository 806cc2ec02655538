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
which your AWS rights must let you read. If the source requires an id and a time in
the body and the file has none, they are added. This is a real delivery: changes that
the source's grants allow are applied.
Example:
  zpa-changes sources sign servicenow payload.json`;

/** Adds the command `sources sign`. */
export function addSourcesSign(sources: Command, bind: BindCommand): void {
  sources
    .command('sign')
    .summary('send a signed sample payload')
    .description('Sends a signed payload to the webhook as this source and shows the response.')
    .argument('<source>', 'name of the source in the settings')
    .argument('<file>', 'payload of the ticket system, or - for stdin')
    .option('--id <id>', 'id of the delivery; the same id is processed only once')
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
  terminal.say(`${answer.status}: the webhook accepted delivery ${visible(id)}.`);
  const body = parseJson(answer.text);
  for (const line of (JSON.stringify(body, null, 2) ?? '').split('\n')) terminal.say(visible(line, 2000));
  terminal.document({ status: answer.status, id, answer: body });
  return EXIT.ok;
};
