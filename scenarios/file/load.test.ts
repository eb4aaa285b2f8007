/** Scenario files are read whole, and what is wrong with one is told with its place and what may have been meant. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemsOf } from '../testing/file-problems.ts';
import { loadScenario, parseScenario } from './load.ts';
import { ScenarioError } from './problems.ts';

const HEAD = 'name: A\nuntil: 10m\n';
const WORLD = 'world:\n  people:\n    ann: {}\n  traders:\n    alpha: { owner: ann }\n';

describe('a file without errors', () => {
  test('needs a name and an end, everything else has its usual value', () => {
    const { scenario, text } = parseScenario(HEAD, 'a.yaml');
    expect(scenario).toMatchObject({ name: 'A', until: 600_000, seed: '1', script: [], faults: [], expect: [] });
    expect(scenario.world.instruments).toContain('AAPL');
    expect(text).toBe(HEAD);
  });
  test('may be JSON', () => {
    expect(parseScenario('{"name": "J", "until": "90s", "seed": 7}', 'a.json').scenario).toMatchObject({
      ...{ name: 'J', until: 90_000, seed: '7' },
    });
  });
  test('reads percentages as ratios and durations as milliseconds', () => {
    const { scenario } = parseScenario(
      `${HEAD}faults:\n  - venue: { drop: 12.5%, latency: 1m30s }\n    from: 250ms\n    until: 0.5m\n`,
      'a.yaml',
    );
    expect(scenario.faults).toEqual([{ venue: { drop: 0.125, latency: 90_000 }, from: 250, until: 30_000 }]);
  });
});

describe('an error', () => {
  test.each([
    ['a missing name', 'until: 10m\n', 'a.yaml:1:1 name is missing'],
    [
      'a duration in words',
      'name: A\nuntil: ten minutes\n',
      'a.yaml:2:8 until must be a duration such as 90s, 10m or 1h30m',
    ],
    ['an end that is none', 'name: A\nuntil: 0s\n', 'a.yaml:2:8 until must be between 1ms and 31d'],
    ['an unknown key', `${HEAD}sede: 1\n`, 'a.yaml:3:1 sede is unknown here: did you mean "seed"?'],
    [
      'an unknown key further down',
      `${HEAD}faults:\n  - venue:\n      dorp: 1%\n`,
      'a.yaml:5:7 faults[0].venue.dorp is unknown here: did you mean "drop"?',
    ],
    [
      'a rate above all',
      `${HEAD}faults:\n  - venue: { drop: 110% }\n`,
      'a.yaml:4:20 faults[0].venue.drop must be a percentage from 0% to 100%',
    ],
    [
      'a rate without its sign',
      `${HEAD}faults:\n  - venue: { drop: 0.05 }\n`,
      'a.yaml:4:20 faults[0].venue.drop must be a percentage from 0% to 100%',
    ],
    [
      'a list that is too short',
      `${HEAD}expect:\n  - { sequence: [order.sent] }\n`,
      'a.yaml:4:17 expect[0].sequence must have at least 2 entries',
    ],
    [
      'a number that is too large',
      `${HEAD}script:\n  - { at: 1s, call: GET /health, times: 5000 }\n`,
      'a.yaml:4:41 script[0].times must be at most 1000',
    ],
    [
      'a number that is none',
      `${HEAD}script:\n  - { at: 1s, call: GET /health, times: many }\n`,
      'a.yaml:4:41 script[0].times must be a number, is many',
    ],
    [
      'a choice that is none',
      `${HEAD}world:\n  traders:\n    a: { strategy: agressive }\n`,
      'a.yaml:5:20 world.traders.a.strategy is "agressive": did you mean "aggressive"?',
    ],
    [
      'an unknown instrument',
      `${HEAD}world: { instruments: [EUR_USD] }\n`,
      'a.yaml:3:24 world.instruments[0] is "EUR_USD", which is no instrument: it is written EURUSD',
    ],
    [
      'an owner who is not there',
      `${HEAD}world:\n  traders:\n    a: { owner: bob }\n`,
      'a.yaml:5:17 world.traders.a.owner is "bob", which is no person of this world: there is none',
    ],
    [
      'a step of two things',
      `${HEAD}script:\n  - at: 1s\n    crash: true\n    call: GET /health\n`,
      'a.yaml:4:5 script[0] does call and crash: one step does one thing',
    ],
    [
      'a step of nothing',
      `${HEAD}script:\n  - at: 1s\n`,
      'a.yaml:4:5 script[0] does nothing: one of call, stop, release,',
    ],
    [
      'fields of an answer where there is none',
      `${HEAD}script:\n  - { at: 1s, crash: true, has: { status: completed } }\n`,
      'a.yaml:4:33 script[0].has "has" belongs to what is answered: call, stop, release, decide, limits',
    ],
    [
      'a status where there is no answer',
      `${HEAD}script:\n  - { at: 1s, faults: off, status: 201 }\n`,
      'a.yaml:4:36 script[0].status "status" belongs to what is answered: call, stop, release, decide, limits',
    ],
    [
      'a body that is never sent',
      `${HEAD}script:\n  - { at: 1s, call: GET /health, body: { a: 1 } }\n`,
      'a.yaml:4:40 script[0].body "body" is never sent: a GET has no body',
    ],
    [
      'a form that is never sent',
      `${HEAD}script:\n  - { at: 1s, call: GET /health, form: { a: 1 } }\n`,
      'a.yaml:4:40 script[0].form "form" is never sent: a GET has no body',
    ],
    [
      'a time that sending JSON takes',
      `${HEAD}script:\n  - { at: 1s, call: POST /health, body: {}, takes: 2s }\n`,
      'a.yaml:4:52 script[0].takes "takes" belongs to a "form" or a "file"',
    ],
    [
      'a key of what is no call',
      `${HEAD}script:\n  - { at: 1s, stop: {}, key: once }\n`,
      'a.yaml:4:30 script[0].key "key" belongs to a "call"',
    ],
    ['a step without a time', `${HEAD}script:\n  - crash: true\n`, 'a.yaml:4:5 script[0] needs either "at" or "on"'],
    [
      'a step behind the end',
      `${HEAD}script:\n  - { at: 11m, crash: true }\n`,
      'a.yaml:4:11 script[0].at is behind the end of the scenario (10m)',
    ],
    [
      'an event that nobody records',
      `${HEAD}script:\n  - on: { event: order.filed }\n    crash: true\n`,
      'a.yaml:4:18 script[0].on.event is "order.filed", which is no recorded event: did you mean "order.filled"?',
    ],
    [
      'a name that nobody has',
      `${HEAD}${WORLD}script:\n  - { at: 1s, call: 'GET /api/v1/agents/\${alfa.id}' }\n`,
      'a.yaml:9:21 script[0].call is "alfa", which is no name of this scenario: did you mean "alpha"?',
    ],
    [
      'an expectation of two things',
      `${HEAD}expect:\n  - { event: order.filled, never: order.sent }\n`,
      'a.yaml:4:5 expect[0] is about event and never: one expectation is about one thing',
    ],
    [
      'a key of another expectation',
      `${HEAD}expect:\n  - { never: order.sent, count: 3 }\n`,
      'a.yaml:4:33 expect[0].count "count" does not belong to "never"',
    ],
    [
      'a figure without bounds',
      `${HEAD}${WORLD}expect:\n  - { figure: equity, trader: alpha }\n`,
      'a.yaml:9:15 expect[0].figure needs "min", "max" or "equals"',
    ],
    [
      'a figure from a moment on that is looked at once',
      `${HEAD}${WORLD}expect:\n  - { figure: exposure, trader: alpha, from: 20s, max: 2000 }\n`,
      'a.yaml:9:46 expect[0].from needs "at: always": else a figure is looked at once',
    ],
    [
      'a figure from a moment on that is looked at at another',
      `${HEAD}${WORLD}expect:\n  - { figure: exposure, trader: alpha, at: 1m, from: 20s, max: 2000 }\n`,
      'a.yaml:9:54 expect[0].from needs "at: always": else a figure is looked at once',
    ],
    [
      'a failure that every failure is',
      `${HEAD}defect: { planted: risk-forgets-size }\nexpect:\n  - { fails: '' }\n`,
      'a.yaml:5:14 expect[0].fails must not be empty',
    ],
    [
      'a failure that is wanted without a defect',
      `${HEAD}expect:\n  - { fails: wanted 201 }\n`,
      'a.yaml:4:7 expect[0].fails needs a "defect": a run without one has to hold',
    ],
    [
      'a broken promise that is wanted without a defect',
      `${HEAD}expect:\n  - { broken: exposure-within-limits }\n`,
      'a.yaml:4:7 expect[0].broken needs a "defect": a run without one has to hold',
    ],
    [
      'a promise that nobody checks',
      `${HEAD}expect:\n  - { broken: exposure-within-limit }\n`,
      'a.yaml:4:15 expect[0].broken is "exposure-within-limit", which is no promise of a checker: did you mean "exposure-within-limits"?',
    ],
    [
      'a bug that is caught in no way',
      `${HEAD}catches:\n  - { planted: risk-forgets-size }\n`,
      'a.yaml:4:5 catches[0] says not how it is seen: by one or more of broken, unmet, fails',
    ],
    [
      'a bug that an expectation sees which is none',
      `${HEAD}expect: [{ what: it sells, event: order.filled }]\ncatches:\n  - { planted: risk-forgets-size, unmet: it sels }\n`,
      'a.yaml:5:42 catches[0].unmet is "it sels", which is no "what" of an expectation: did you mean "it sells"?',
    ],
    [
      'bugs to catch beside a defect',
      `${HEAD}defect: { planted: risk-forgets-size }\ncatches:\n  - { planted: risk-forgets-size, fails: no }\n`,
      'a.yaml:5:3 catches cannot stand beside "defect": one run has one bug',
    ],
    [
      'a planted bug that is none',
      `${HEAD}defect: { planted: risk-forgets }\n`,
      'a.yaml:3:20 defect.planted is "risk-forgets", which is no planted bug: did you mean "risk-forgets-size"?',
    ],
    [
      'limits that are not whole',
      `${HEAD}world: { limits: { instruments: { NOTHING: { positionMax: '1' } } } }\n`,
      'world.limits.instruments.NOTHING.collarRatio',
    ],
    [
      'a window that is empty',
      `${HEAD}market:\n  gaps: [{ instrument: AAPL, from: 5m, until: 4m }]\n`,
      'until is not after "from"',
    ],
    [
      'a pattern that is none',
      `${HEAD}expect:\n  - { event: order.sent, where: { orderId: { matches: '(' } } }\n`,
      'must be a regular expression',
    ],
  ])('in %s is told with its place', (_, yaml, line) => {
    expect(problemsOf(yaml).join('\n')).toContain(line);
  });

  test('in the YAML itself is told with its place', () => {
    expect(problemsOf('name: A\nname: B\nuntil: 5m\n')).toEqual([
      'a.yaml:2:1 is not readable: Map keys must be unique',
    ]);
    expect(problemsOf('name: [\n')[0]).toMatch(/^a\.yaml:2:1 is not readable: /);
    expect(problemsOf(`${HEAD}---\n${HEAD}`)).toEqual([
      'a.yaml:3:1 is not readable: a file holds one scenario, what stands behind --- belongs into another',
    ]);
  });
  test('in the YAML is told up to where the reader has lost its way, and why that may be', () => {
    const step = (call: string) => `${HEAD}${WORLD}script:\n  - { at: 1s, call: ${call} }\nexpect:\n  - { never: x }\n`;
    expect(problemsOf(step('GET /api/v1/agents/${alpha.id}'))).toEqual([
      'a.yaml:9:41 is not readable: within { } a text with ${…} in it has to stand in quotes',
    ]);
  });
  test('of a number that should be a text says how to write it', () => {
    expect(problemsOf(`${HEAD}world: { accounts: { desk: { deposit: 50000 } } }\n`)).toEqual([
      'a.yaml:3:39 world.accounts.desk.deposit must be a text, is 50000: write it in quotes, "50000"',
    ]);
  });
  test('does not hide another: all are told, in the order of the file', () => {
    const lines = problemsOf(`sede: 1\n${HEAD}faults:\n  - venue: { dorp: 1% }\nscript:\n  - at: 1s\n`);
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['sede', 'faults[0].venue.dorp', 'script[0]']);
  });
  test('of a name that no anchor has is told with its place, each of them', () => {
    expect(problemsOf('name: *zz\nuntil: &u 1m\nseed: [*u, *u, *yy]\n')).toEqual([
      'a.yaml:1:7 is not readable: *zz names no anchor before it',
      'a.yaml:3:16 is not readable: *yy names no anchor before it',
    ]);
    expect(problemsOf('name: A\nuntil: 1m\nseed: *later\ncalm: &later 1\n')[0]).toMatch(
      /^a\.yaml:3:7 is not readable: /,
    );
    expect(problemsOf('name: A\nworld: &w { limits: *w }\n')).toEqual([
      'a.yaml:2:21 is not readable: *w stands within what it names',
    ]);
  });
  test('that would fill the memory is refused', () => {
    const bomb = Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`);
    expect(problemsOf(`a0: &a0 [x]\n${bomb.join('\n')}\n`).join()).toContain('is not readable: Excessive alias count');
  });
});

describe('a scenario in TypeScript', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pitwall-scenario-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const written = (name: string, code: string): string => {
    writeFileSync(join(folder, name), code);
    return join(folder, name);
  };
  const schema = JSON.stringify(join(process.cwd(), 'scenarios', 'file', 'schema.ts'));

  test('is an object with types, made by code', async () => {
    const file = written(
      'many.scenario.ts',
      `import { defineScenario, type ScenarioInput } from ${schema};
const crashes: NonNullable<ScenarioInput['script']> = [1, 2, 3].map((minute) => ({ at: \`\${minute}m\`, crash: true }));
export default defineScenario({ name: 'Three crashes', until: '10m', script: crashes });`,
    );
    const { scenario } = await loadScenario(file);
    expect(scenario.script.map(({ at }) => at)).toEqual([60_000, 120_000, 180_000]);
  });
  test('finds its types outside of the checkout by their name, and is told that name', async () => {
    const code = (from: string): string =>
      `import { defineScenario } from '${from}';\nexport default defineScenario({ name: 'Far', until: '1m' });`;
    const far = written('far.scenario.ts', code('pitwall/scenario'));
    expect((await loadScenario(far)).scenario.name).toBe('Far');
    const lost = written('lost.scenario.ts', code('../file/schema.ts'));
    await expect(loadScenario(lost)).rejects.toThrow("outside of the checkout import 'pitwall/scenario' instead");
  });
  test('may be a function that makes it', async () => {
    const file = written('made.scenario.ts', `export default () => ({ name: 'Made', until: '1m' });`);
    expect((await loadScenario(file)).scenario.name).toBe('Made');
  });
  test('may calculate with times that it names', async () => {
    const start = 'new Date(new Date(2026, 0, 6, 14, 30).getTime() - new Date(2026, 0, 5, 14).getTime()).toISOString()';
    const file = written('dated.scenario.ts', `export default { name: 'D', until: '1m', world: { start: ${start} } };`);
    expect((await loadScenario(file)).scenario.world.start).toBe('1970-01-02T00:30:00.000Z');
  });
  test('is told where it is wrong, as far as it is written out', async () => {
    const code = `import { defineScenario } from ${schema};
const world = { people: { ann: {} }, traders: { alpha: { owner: 'anne' } } };
const made = [1, 2].map((second) => ({ at: \`\${second}s\`, call: 'GET /heath' }));
export default () => (defineScenario({
  ...{ name: 'W', until: '1m' },
  world,
  faults: [{ venue: { dorp: '1%' } }],
  script: [
    { at: '1s', by: 'bob', crash: true },
    ...made,
  ],
}));`;
    const file = written('places.scenario.ts', code);
    const error = await loadScenario(file).catch((thrown: unknown) => thrown);
    const lines = error instanceof ScenarioError ? error.lines.map((line) => line.replace(`${file}:`, '')) : [];
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '2:65 world.traders.alpha.owner',
      '7:23 faults[0].venue.dorp',
      '8:11 script[1].call',
      '8:11 script[2].call',
      '9:21 script[0].by',
    ]);
  });
  test.each([
    [
      'random.scenario.ts',
      "const pick = () =>\n  Math.random();\nexport default { name: 'R', until: '1m', seed: String(pick()) };",
      'random.scenario.ts:2:8 cannot be loaded: it asks for Math.random(), so that no run is like another',
    ],
    [
      'clock.scenario.ts',
      "export default () => ({ name: 'C', until: '1m', seed: String(Date.now()) });",
      'clock.scenario.ts:1:67 cannot be loaded: it asks for Date.now(), so that no run is like another',
    ],
    ['none.scenario.ts', 'export const a = 1;', ':1:1 cannot be loaded: it has no default export'],
    ['throws.scenario.ts', "let a: 1;\n  throw new Error('on purpose');", ':2:9 cannot be loaded: on purpose'],
    [
      'called.scenario.ts',
      "type A = 1;\nconst lost = () => {\n  throw new Error('later');\n};\nexport default () => lost();",
      ':3:9 cannot be loaded: later',
    ],
    ['bare.scenario.ts', "throw 'a text';", 'bare.scenario.ts cannot be loaded: a text'],
    [
      'broken.scenario.ts',
      'export default {',
      'broken.scenario.ts:1:17 cannot be loaded: Expected identifier but found end of file',
    ],
    [
      'wrong.scenario.ts',
      "export default { name: 'W', until: '1m', sede: 3 };",
      ':1:42 sede is unknown here: did you mean "seed"?',
    ],
  ])('%s is refused with what is wrong', async (name, code, why) => {
    const loading = loadScenario(written(name, code));
    await expect(loading).rejects.toBeInstanceOf(ScenarioError);
    await expect(loading).rejects.toThrow(why);
  });
});

test('a file that is not there is told by name', async () => {
  await expect(loadScenario('nowhere.yaml')).rejects.toThrow(/^nowhere\.yaml cannot be read: ENOENT/);
});

test('a scenario that contains itself is refused at the place where it does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-circle-'));
  const file = join(folder, 'circle.scenario.ts');
  try {
    writeFileSync(
      file,
      `const body: Record<string, unknown> = { symbol: 'AAPL' };
body.more = [{ all: body }];
export default { name: 'A', until: '1m', script: [{ at: '1s', call: 'POST /api/v1/agents', body }] };`,
    );
    await expect(loadScenario(file)).rejects.toThrow(
      `${file}:1:39 script[0].body.more[0].all contains itself: it is script[0].body`,
    );
    expect(() => parseScenario(`${HEAD}world: &all\n  limits: { instruments: *all }\n`, 'a.yaml')).toThrow('a.yaml');
    writeFileSync(
      file,
      `const body = { symbol: 'AAPL' };
const step = { at: '1s', call: 'POST /api/v1/agents', body } as const;
export default { name: 'A', until: '1m', script: [step, step] };`,
    );
    expect((await loadScenario(file)).scenario.script).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
