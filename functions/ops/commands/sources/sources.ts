import type { Command } from 'commander';
import type { BindBareCommand, BindCommand } from '../../session/command.ts';
import { addSourcesList } from './sources-list.ts';
import { addSourcesSign } from './sources-sign.ts';
import { addSourcesTest } from './sources-test.ts';

/** Adds the command `sources`, which lists them and helps to connect a ticket system. */
export function addSources(program: Command, bind: BindCommand, bindBare: BindBareCommand): void {
  const sources = program.command('sources').summary('list the sources; test the payloads of a ticket system');
  addSourcesList(sources, bind);
  addSourcesTest(sources, bindBare);
  addSourcesSign(sources, bind);
}
