import { describe, expect, it } from 'vitest';
import { type Finding, ok, skipped, unknown, wrong } from '../../../../functions/ops/checks/finding.ts';
import { judgeProbe, probeBody } from '../../../../functions/ops/commands/connect/steps/probe.ts';
import type { Step } from '../../../../functions/ops/commands/connect/steps/steps.ts';
import { exitOfSteps, watchSteps } from '../../../../functions/ops/commands/connect/steps/watch-steps.ts';
import { createTerminal } from '../../../../functions/ops/output/terminal.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { createRecordingConsole } from '../recording-console.ts';

/** Watches steps whose findings are given round by round; the last one stays. */
async function watch(
  rounds: Record<string, (Finding | Error)[]>,
  { waitMs = 10_000, needs = {} as Record<string, string[]> } = {},
) {
  const console = createRecordingConsole();
  let now = 0;
  const looked: string[] = [];
  const steps: Step[] = Object.entries(rounds).map(([name, findings]) => ({
    name,
    needs: needs[name] ?? [],
    look: async () => {
      looked.push(name);
      const next = findings.length > 1 ? findings.shift() : findings[0];
      if (next === undefined || next instanceof Error) throw next ?? new Error('no finding');
      return next;
    },
  }));
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const signal = new AbortController().signal;
  const watched = await watchSteps(createTerminal(console, false), {
    ...{ steps, clock, signal, waitMs, pauseMs: 1000, beginRound: () => undefined },
  });
  return { out: console.stdout(), exit: exitOfSteps(watched), looked, now };
}

describe('the steps', () => {
  it('are ticked off as they come in order, each once, and not looked at again', async () => {
    const { out, exit, looked } = await watch({
      webhook: [ok('there')],
      delivery: [unknown('not yet', 'Look.'), ok('came')],
    });
    expect(out).toBe('✓ webhook     there\n✓ delivery    came\n');
    expect(exit).toBe(0);
    expect(looked).toEqual(['webhook', 'delivery', 'delivery']);
  });

  it('tell a failure with its remedy once, and that it was mended', async () => {
    const fault = wrong('refused', 'Give it the role itil.');
    const { out, exit } = await watch({ comment: [fault, fault, ok('written')] });
    expect(out).toBe('✗ comment     refused\n    Give it the role itil.\n✓ comment     written\n');
    expect(exit).toBe(0);
  });

  it('say at the end what is still to come, and what to do', async () => {
    const { out, exit, now } = await watch({ delivery: [unknown('not yet', 'Search the log.')] }, { waitMs: 3000 });
    expect(out).toBe('? delivery    not yet\n    Search the log.\n');
    expect({ exit, now }).toEqual({ exit: 6, now: 3000 });
  });

  it('that keep a person waiting say once what to do, long before the end', async () => {
    const waiting = Array.from({ length: 60 }, () => unknown('not yet', 'Search the log.'));
    const { out } = await watch({ delivery: [...waiting, ok('came')] }, { waitMs: 900_000 });
    expect(out).toBe('? delivery    not yet\n    Search the log.\n✓ delivery    came\n');
  });

  it('wait for those before them, and a failure outweighs what is still to come', async () => {
    const { out, exit, looked } = await watch(
      { ticket: [wrong('hidden', 'Grant it.')], comment: [ok('written')] },
      { waitMs: 0, needs: { comment: ['ticket'] } },
    );
    expect(looked).toEqual(['ticket']);
    expect(out).toContain('? comment     waits for the step "ticket"');
    expect(exit).toBe(1);
  });

  it('take what makes no sense here as done, and an error as not known', async () => {
    expect(await watch({ transition: [skipped('none')] })).toMatchObject({ exit: 0 });
    const { out, exit } = await watch({ delivery: [new Error('no route')] }, { waitMs: 0 });
    expect({ out, exit }).toEqual({ out: expect.stringContaining('not checked: no route'), exit: 6 });
  });
});

const problem = (code: string, detail = '') => JSON.stringify({ code, detail });

describe('the probe of the webhook', () => {
  it.each([
    [202, '{}', 'ok'],
    [200, '{"result":"ignored"}', 'ok'],
    [404, problem('unknown-source'), 'unknown'],
    [401, problem('signature-wrong'), 'unknown'],
    [403, problem('address-not-allowed'), 'skipped'],
    [503, problem('unavailable', 'This webhook is not set up completely.'), 'wrong'],
    [503, problem('unavailable', 'The ticket could not be read back (tickets-refused). Send it again.'), 'wrong'],
    [503, problem('unavailable', 'The ticket could not be read back (tickets-secret). Send it again.'), 'wrong'],
    [500, '<html>', 'wrong'],
    // A function that is slow or still starting says nothing about the settings.
    [503, problem('unavailable', 'The ticket could not be read back (out-of-time). Send it again.'), 'unknown'],
    [503, problem('unavailable', 'The ticket could not be read back (tickets-unavailable).'), 'unknown'],
    [503, problem('unavailable', 'The ticket could not be read back.'), 'unknown'],
    [503, problem('unavailable', 'The settings of this stack cannot be loaded right now.'), 'unknown'],
    [503, problem('unavailable', 'Nothing is lost: send the same delivery again.'), 'unknown'],
    [503, '{"message":"Service Unavailable"}', 'unknown'],
    [502, '<html>', 'unknown'],
    [504, '{"message":"Endpoint request timed out"}', 'unknown'],
    [408, '', 'unknown'],
    [429, problem('too-many-changes'), 'unknown'],
  ])('answered %i %s: %s', (status, text, result) => {
    expect(judgeProbe(status, text, true, 'desk').result).toBe(result);
  });

  it('says what was seen, not what it might mean', () => {
    const text = problem('unavailable', 'The ticket could not be read back (out-of-time). Send it again.');
    expect(judgeProbe(503, text, true, 'desk').says).toBe(
      'its function could not read the ticket system (out-of-time)',
    );
    const { says } = judgeProbe(503, '{"message":"Service Unavailable"}', true, 'desk');
    expect(says).toBe('answered 503');
  });

  it('names a ticket that cannot be there where tickets are read back, and none elsewhere', () => {
    const { sources } = configurationSchema.parse({
      ...{ name: 'here', tenants: {} },
      sources: {
        snow: { system: 'a', tickets: { kind: 'servicenow', url: 'https://a.example' } },
        jira: { system: 'b', tickets: { kind: 'jira', url: 'https://b.example', projects: ['NET'] } },
        tool: { system: 'c' },
      },
    });
    const tickets = Object.values(sources).map((source) => JSON.parse(probeBody(source)).ticket);
    expect(tickets).toEqual(['CHG0000000', 'NET-999999999', undefined]);
  });
});
