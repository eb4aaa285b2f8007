/** What a file names is there: a misspelt field or name is told with its place, and never makes an expectation hold. */
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../testing/file-problems.ts';

const WORLD = [
  'name: A',
  'until: 10m',
  'world:',
  '  people: { ann: {} }',
  '  traders: { alpha: { owner: ann } }',
  '',
].join('\n');
/** The first line behind it. */
const LINE = 6;

/** Without the file's name. */
const told = (yaml: string): readonly string[] =>
  problemsOf(`${WORLD}${yaml}`).map((line) => line.replace(/^a\.yaml:/, ''));
const expectation = (one: string): readonly string[] => told(`expect:\n  - ${one}\n`);
const step = (one: string): readonly string[] => told(`script:\n  - ${one}\n`);

const AT = `${LINE + 1}:`;

describe('an expectation', () => {
  test.each([
    [
      '{ never: order.filled, where: { ticket.symbol: AAPL } }',
      `${AT}37 expect[0].where.ticket.symbol is no field of order.filled: there is symbol`,
    ],
    [
      '{ event: order.filled, count: 0, where: { simbol: AAPL } }',
      `${AT}47 expect[0].where.simbol is no field of order.filled: did you mean "symbol"?`,
    ],
    [
      '{ never: order.filled, where: { simbol: { exists: true } } }',
      `${AT}37 expect[0].where.simbol is no field of order.filled: did you mean "symbol"?`,
    ],
    [
      '{ never: order.filled, where: { side: byu } }',
      `${AT}43 expect[0].where.side can never be "byu": did you mean "buy"?`,
    ],
    ['{ never: order.filled, where: { side: { in: [buy, sel] } } }', 'can never be "sel": did you mean "sell"?'],
    ['{ never: order.filled, where: { late: yes } }', 'expect[0].where.late can never be "yes": it is true or false'],
    [
      '{ never: order.filled, where: { end: { min: 1 } } }',
      'expect[0].where.end is true or false, which has no "min" or "max"',
    ],
    [
      '{ never: order.filled, where: { symbol: {} } }',
      'must be a value, or conditions of min, max, not, in, matches, exists',
    ],
    [
      '{ never: order.ended, where: { denial: STALE_DATA } }',
      'expect[0].where.denial is a mapping: name a field of it',
    ],
    [
      '{ never: order.ended, where: { denial.cod: STALE_DATA } }',
      'is no field of order.ended: did you mean "denial.code"?',
    ],
    [
      '{ never: order.intended, where: { "gates[0].gat": risk } }',
      'is no field of order.intended: did you mean "gates[0].gate"?',
    ],
    ['{ never: agent.parked, where: { agnt: risk } }', 'is no field of agent.parked: did you mean "agent"?'],
    [
      '{ never: order.filled, where: { traderId: "${alpha.idd}" } }',
      `${AT}47 expect[0].where.traderId holds \${alpha.idd}: "alpha" has no "idd": did you mean "id"?`,
    ],
    [
      '{ never: order.filled, where: { orderId: "${event.orderId}" } }',
      'is "event", which is no name of this scenario',
    ],
    [
      '{ sequence: [order.submitted, order.filled], same: ordrId }',
      `${AT}56 expect[0].same is "ordrId", which is no field of order.submitted`,
    ],
    [
      '{ eventually: order.filled, after: { event: order.held }, within: 1s, same: requestId }',
      'expect[0].same is "requestId", which is no field of order.filled',
    ],
    [
      '{ sequence: [order.submitted, { event: order.filled, where: { simbol: AAPL } }] }',
      'expect[0].sequence[1].where.simbol is no field of order.filled',
    ],
    [
      '{ sequence: [order.submitted, order.filled], where: { ticket.symbol: AAPL } }',
      'expect[0].where.ticket.symbol is no field of order.filled',
    ],
    [
      '{ sequence: [order.submitted, order.filld] }',
      'sequence[1] is "order.filld", which is no recorded event: did you mean "order.filled"?',
    ],
    [
      '{ state: "GET /api/v1/agents/${alpha.id}/trades", has: { "trads[1]": { exists: false } } }',
      'is no field of what GET /api/v1/agents/${alpha.id}/trades answers',
    ],
    ['{ event: order.filled, has: { symbol: AAPL } }', 'expect[0].has "has" does not belong to "event"'],
    ['{ state: GET /health, where: { symbol: AAPL } }', 'expect[0].where "where" does not belong to "state"'],
    ['{ event: order.filled, count: { min: 0 } }', 'expect[0].count holds always or never'],
    ['{ figure: cash, trader: alpha, min: 2, max: 1 }', 'expect[0].min "min" is above "max"'],
  ])('%s is refused', (one, line) => {
    expect(expectation(one).join('\n')).toContain(line);
  });

  test.each([
    '{ never: order.filled, where: { symbol: AAPL, quantity: 10, end: true, synthetic: { exists: false } } }',
    '{ never: order.ended, where: { denial.code: { not: STALE_DATA }, denial.numbers.limit: { exists: true } } }',
    '{ never: limits.changed, where: { limits.accounts.default.exposureMax: { min: 1 } } }',
    '{ never: order.filled, where: { late: null, at: { min: 1 } } }',
    '{ sequence: [order.submitted, order.filled], same: orderId }',
    '{ state: "GET /api/v1/agents/${alpha.id}", status: 404, has: { error.code: NOT_FOUND } }',
    '{ state: GET /nowhere, nowhere: true, has: { whatever: 1 } }',
  ])('%s is read', (one) => expect(expectation(one)).toEqual([]));
});

describe('a step', () => {
  test.each([
    [
      '{ on: { event: order.filled, where: { simbol: x } }, crash: true }',
      'script[0].on.where.simbol is no field of order.filled',
    ],
    [
      '{ on: { event: order.filled }, call: "GET /api/v1/agents/${event.ordrId}" }',
      '"event" has no "ordrId": did you mean "orderId"?',
    ],
    ['{ at: 1s, call: "GET /api/v1/agents/${event.orderId}" }', 'is "event", which is no name of this scenario'],
    [
      '{ at: 1s, as: order, call: "POST /api/v1/agents/${alpha.id}/trades" }\n  - { at: 2s, call: "GET /api/v1/agents/${order.idd}" }',
      'script[1].call holds ${order.idd}: "order" has no "idd": did you mean "id"?',
    ],
    [
      '{ at: 1s, limits: { accounts: { alfa: { exposureMax: "1" } } } }',
      `${AT}37 script[0].limits.accounts.alfa is "alfa", no account of this world: there is default, alpha`,
    ],
    [
      '{ at: 1s, limits: { instruments: { APPL: { positionMax: "1" } } } }',
      'script[0].limits.instruments.APPL is "APPL", which is no instrument',
    ],
    [
      '{ at: 1s, limits: { instruments: { "class:stock": { positionMax: "1" } } } }',
      'which is no class of instruments',
    ],
  ])('%s is refused', (one, line) => {
    expect(step(one).join('\n')).toContain(line);
  });
  test.each([
    '{ at: 1s, as: refused, status: 4xx, call: "POST /api/v1/agents/${alpha.id}/trades" }\n  - { at: 2s, call: "GET /api/v1/agents/${refused.error.code}" }',
    '{ at: 1s, limits: { accounts: { alpha: { exposureMax: "1" } } } }',
    '{ on: { event: order.filled }, call: "GET /api/v1/agents/${event.traderId}/trades?limit=${now}" }',
  ])('%s is read', (one) => expect(step(one)).toEqual([]));
});

describe('limits of the world', () => {
  const limited = (accounts: string, more = '') =>
    problemsOf(
      `name: A\nuntil: 1m\nworld:\n  traders: { alpha: {} }\n${more}  limits: { accounts: { ${accounts} } }\n`,
    );
  test('are refused for an account that nobody has', () => {
    expect(limited('acct-1: { exposureMax: "1" }')).toEqual([
      'a.yaml:5:25 world.limits.accounts.acct-1 is "acct-1", no account of this world: there is default',
    ]);
    expect(limited('alpha: { exposureMax: "1" }').join()).toContain('is not there yet: a step "limits" can name it');
    expect(limited('default: { instruments: [APPL] }').join()).toContain('is "APPL", which is no instrument');
  });
  test('are read for the accounts of the house, where the world has them', () => {
    expect(limited('demo-fx: { exposureMax: "1" }')).toHaveLength(1);
    expect(limited('demo-fx: { exposureMax: "1" }', '  settings: { demoAccounts: true }\n')).toEqual([]);
  });
});

describe('accounts of the world', () => {
  const problems = (world: string, more = '') =>
    problemsOf(`name: A\nuntil: 1m\nworld:\n  people: { ann: { accounts: [desk] } }\n${world}${more}`);
  test('may be named by tokens, limits and figures', () => {
    const world =
      '  accounts: { desk: { owner: ann, deposit: "5000" } }\n  limits: { accounts: { desk: { exposureMax: "1" } } }\n';
    expect(problems(world, 'expect:\n  - { figure: cash, account: desk, equals: 5000 }\n')).toEqual([]);
  });
  test.each([
    [
      '  accounts: { dsk: { owner: ann } }\n',
      'people.ann.accounts[0] is "desk", which is no account of this world: did you mean "dsk"?',
    ],
    ['  accounts: { desk: { owner: anne } }\n', 'accounts.desk.owner is "anne", which is no person of this world'],
    [
      '  accounts: { desk: {}, acct-agent-1: {} }\n',
      'accounts.acct-agent-1 has a name that only accounts of traders have',
    ],
    [
      '  accounts: { desk: {}, demo-fx: {} }\n  settings: { demoAccounts: true }\n',
      'accounts.demo-fx is opened by the development profile already',
    ],
    ['  accounts: { desk: {}, "a b": {} }\n', 'must be an id of letters, digits, - and _'],
    ['  accounts: { desk: { deposit: -5 } }\n', 'accounts.desk.deposit'],
  ])('%s is refused', (world, line) => {
    expect(problems(world).join('\n')).toContain(line);
  });
  test('are told apart from traders in a figure', () => {
    const wrong = (one: string) => problems('  accounts: { desk: {} }\n', `expect:\n  - ${one}\n`).join('\n');
    expect(wrong('{ figure: cash, account: dask, min: 0 }')).toContain('did you mean "desk"?');
    expect(wrong('{ figure: cash, min: 0 }')).toContain('needs a "trader" or an "account"');
    expect(wrong('{ event: order.filled, account: desk }')).toContain('"account" does not belong to "event"');
  });
});

test('faults of a queue are refused in a world without workers', () => {
  const faults = 'faults:\n  - { queue: { lost: 5% } }\n';
  expect(told(faults).join()).toContain('faults[0].queue is of no use: this world has no "workers"');
  expect(told(`script:\n  - { at: 1s, faults: { queue: { away: true } } }\n`).join()).toContain(
    'script[0].faults.queue',
  );
  expect(told('script:\n  - { at: 1s, kill: worker }\n').join()).toContain('script[0].kill is of no use');
  expect(problemsOf(`name: A\nuntil: 1m\nworld: { workers: 2 }\n${faults}`)).toEqual([]);
});

describe('an instrument that is quoted from a file', () => {
  const replayed = (more: string) => told(`market:\n  replay: [{ file: AAPL_ticks.csv }]\n${more}`);
  const OWN = 'is quoted from AAPL_ticks.csv: a file has its own prices';
  test.each([
    [
      '  shocks: [{ instrument: AAPL, at: 1m, jump: 1% }]\n',
      `8:26 market.shocks[0].instrument is "AAPL", which ${OWN}`,
    ],
    ['  regimes: [{ instrument: AAPL }]\n', `8:27 market.regimes[0].instrument is "AAPL", which ${OWN}`],
    [
      '  regimes: [{ instrument: all }]\n',
      `8:27 market.regimes[0].instrument is "all", and AAPL among them ${OWN}; name the others`,
    ],
    [
      'script:\n  - { at: 1s, shock: { instrument: AAPL, jump: 1% } }\n',
      `9:36 script[0].shock.instrument is "AAPL", which ${OWN}`,
    ],
    [
      'script:\n  - { at: 1s, shock: { instrument: all, jump: 1% } }\n',
      `9:36 script[0].shock.instrument is "all", and AAPL among them ${OWN}`,
    ],
  ])('is refused in %s', (more, line) => {
    expect(replayed(more).join('\n')).toContain(line);
  });
  test('may be unheard for a time, and the others are free', () => {
    const free = 'gaps: [{ instrument: AAPL }], freezes: [{ instrument: all }], regimes: [{ instrument: NVDA }]';
    expect(told(`market: { replay: [{ file: AAPL_ticks.csv }], ${free} }\n`)).toEqual([]);
  });
  test.each([
    ['[{ file: NQ_ticks.csv }]', 'is "NQ", which is no instrument of this world'],
    ['[{ file: ticks.csv }]', 'replay file ticks.csv: "ticks" is not a known instrument'],
    ['[{ file: AAPL_1.csv }, { file: AAPL_2.csv }]', 'quotes AAPL, which AAPL_1.csv quotes already'],
  ])('is one of the world, once: %s', (replay, line) => {
    expect(told(`market: { replay: ${replay} }\n`).join('\n')).toContain(line);
  });
});

describe('all at once', () => {
  test('an error of form hides no name, wherever it stands', () => {
    const lines = told(
      [
        'sede: 1',
        'script:',
        '  - { at: 1s, by: bob, dorp: 1, call: "GET /api/v1/agents/${alfa.id}" }',
        '  - { at: ten, as: order, crash: true }',
        '  - { at: 1s, by: bib, call: "GET /${order.x}" }',
        '  - {}',
        '  - { at: 1s, by: bub, crash: true }',
        'expect:',
        '  - { evnt: order.filled }',
        '  - { what: it sells, never: order.filled, where: { simbol: AAPL }, count: 1 }',
        'catches:',
        '  - { planted: risk-forgets, unmet: it sells }',
        '',
      ].join('\n'),
    );
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '6:1 sede',
      '8:19 script[0].by',
      '8:24 script[0].dorp',
      '8:39 script[0].call',
      '9:11 script[1].at',
      '10:19 script[2].by',
      '11:5 script[3]',
      '11:5 script[3]',
      '12:19 script[4].by',
      '14:5 expect[0]',
      '14:7 expect[0].evnt',
      '15:53 expect[1].where.simbol',
      '15:76 expect[1].count',
      '17:16 catches[0].planted',
    ]);
  });
  test('an end and a name that cannot be read hide nothing either', () => {
    expect(
      problemsOf('until: ten\nscript: [{ at: 40d, by: bob, crash: true }]\nworld: 3\n').map(
        (line) => line.split(' ')[1],
      ),
    ).toEqual(['name', 'until', 'script[0].at', 'script[0].by', 'world']);
  });
  test('a file that is no mapping is told as such', () => {
    expect(problemsOf('- 1\n')).toEqual(['a.yaml:1:1 must be a mapping, is a list']);
    expect(problemsOf('')).toHaveLength(1);
  });
});

test('names that mean something else in a step are refused, of traders and of answers', () => {
  const trader = (name: string) => problemsOf(`name: A\nuntil: 1m\nworld:\n  traders: { ${name}: {} }\n`).join();
  expect(trader('now')).toBe(
    'a.yaml:4:14 world.traders.now has a name that is taken: in a step ${now} is its moment, ${event} the message that it waited for',
  );
  expect(trader('event')).toContain('world.traders.event has a name that is taken');
  expect(trader('nowhere')).toBe('');
  expect(step('{ at: 1s, as: event, call: GET /health }').join()).toContain('script[0].as has a name that is taken');
});
