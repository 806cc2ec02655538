import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { FUNCTIONS } from '../../shared/deployment/resources.ts';
import { alarmsOf } from './read-alarm.ts';
import { CONFIGURATION, synthesise } from './synthesise.ts';

const { resources } = synthesise();
const page = (name: string) => readFileSync(join(resolve(import.meta.dirname, '../../docs'), name), 'utf8');
const functions = Object.entries(FUNCTIONS);

it('docs/deploy.md names every function and every queue that is deployed', () => {
  const queues = Object.values(resources('AWS::SQS::Queue')).map(({ Properties }) =>
    String(Properties.QueueName).slice(`${CONFIGURATION.name}-`.length),
  );
  const section = page('deploy.md').split('## What is deployed')[1] ?? '';
  const names = [...functions.map(([name]) => name), ...queues];
  expect(names.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});

it('docs/deploy.md takes alarms that there are as rollback triggers, and no more than CloudFormation does', () => {
  const triggers = /^alarms=\$\(for a in (.*); do$/m.exec(page('deploy.md'))?.[1]?.split(' ') ?? [];
  const alarms = alarmsOf(resources).map(({ AlarmName }) => AlarmName);
  expect(triggers.filter((one) => !alarms.includes(`${CONFIGURATION.name}-${one}`))).toEqual([]);
  expect(triggers.length).toBe(5);
});

it('docs/restore.md stops and starts every function, and every queue that calls one', () => {
  const loops = [...page('restore.md').matchAll(/^for f in (.*); do$/gm)].map(([, list]) => String(list).split(' '));
  const all = functions.map(([name]) => name);
  const called = functions.filter(([, one]) => 'queue' in one).map(([name]) => name);
  const sorted = loops.map((list) => list.toSorted());
  expect(sorted).toEqual([called, all, all, called].map((list) => list.toSorted()));
});
