/** What can never be in a world is refused when its file is read: no expectation holds, and no step is right, because it was misspelt. */
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../testing/file-problems.ts';

const WORLD = [
  'name: A',
  'until: 10m',
  'world:',
  '  instruments: [AAPL, EURUSD]',
  '  people: { ann: { roles: [trader] } }',
  '  traders: { alpha: { owner: ann } }',
  '  accounts: { desk: { owner: ann } }',
  '',
].join('\n');
const LINE = 9;

const told = (yaml: string): string =>
  problemsOf(`${WORLD}${yaml}`)
    .map((line) => line.replace(/^a\.yaml:/, ''))
    .join('\n');
const never = (event: string, where: string, script = ''): string =>
  told(`expect:\n  - { never: ${event}, where: { ${where} } }\n${script}`);
const step = (one: string): string => told(`script:\n  - ${one}\n`);

describe('a name that nothing in the world bears', () => {
  test.each([
    ['order.filled', 'symbol: APPL', `${LINE}:45 expect[0].where.symbol can never be "APPL": did you mean "AAPL"?`],
    ['order.submitted', 'ticket.symbol: GOOG', 'can never be "GOOG": there is AAPL, EURUSD'],
    ['order.filled', 'symbol: { not: APPL }', 'expect[0].where.symbol can never be "APPL"'],
    ['order.filled', 'symbol: { in: [AAPL, EURUSDD] }', 'can never be "EURUSDD": did you mean "EURUSD"?'],
    ['order.filled', 'symbol: { matches: "^APPL" }', 'expect[0].where.symbol can never match ^APPL'],
    ['order.filled', 'traderId: alpha', 'can never be "alpha": it is the name of a trader, whose id is ${alpha.id}'],
    ['order.filled', 'traderId: agent-7', 'can never be "agent-7": it is the id of a trader'],
    ['order.filled', 'accountId: dekk', 'can never be "dekk": did you mean "desk"?'],
    ['order.filled', 'accountId: alpha', 'whose account is acct-${alpha.id}'],
    ['order.filled', 'accountId: { min: 3 }', 'is an account of this world, which has no "min" or "max"'],
    ['order.filled', 'orderId: nonsense', 'can never be "nonsense": it is the id of an order, such as ${order.id}'],
    ['order.filled', 'orderId: "${alpha.id}"', 'can never be "${alpha.id}": it is the id of an order'],
    ['order.filled', 'executionId: 3', 'it is the id of a fill: that of its order, and a number'],
    ['approval.decided', 'by: anne', 'can never be "anne": did you mean "ann"?'],
    ['trading.halted', 'targetId: dekk', 'can never be "dekk": did you mean "desk"?'],
    ['trading.halted', 'stopId: mine', 'can never be "mine": it is the id of a stop'],
    ['task.created', 'strategyType: maxx', 'can never be "maxx": did you mean "max"?'],
    ['trader.created', 'name: alfa', 'can never be "alfa": did you mean "alpha"?'],
    ['approval.requested', 'requestId: req-7', 'it is the id of a request, such as ${event.requestId}'],
    ['key.claimed', 'scope: orders', 'it is who asks for what, such as ann POST /api/v1/agents'],
    ['agent.parked', 'messageType: order.submitt', 'can never be "order.submitt": did you mean "order.submit"?'],
    ['agent.parked', 'agent: rsik', 'can never be "rsik": did you mean "risk"?'],
    ['agent.started', 'agent: auto-trader', 'can never be "auto-trader": there is'],
    ['limits.changed', 'limits.accounts.dekk.exposureMax: { min: 1 }', 'names "dekk": did you mean "desk"?'],
    ['limits.changed', 'limits.instruments.APPL.positionMax: { min: 1 }', 'names "APPL": did you mean "AAPL"?'],
  ])('is refused: never %s where %s', (event, where, line) => {
    expect(never(event, where)).toContain(line);
  });

  test.each([
    ['order.filled', 'symbol: EURUSD, traderId: "${alpha.id}", accountId: "acct-${alpha.id}"'],
    ['order.filled', 'accountId: desk, traderId: agent-task-1, orderId: trade-run-1-1, executionId: trade-run-1-1-1'],
    ['order.filled', 'orderId: { matches: "^external-" }, traderId: external'],
    ['trading.halted', 'by: circuit-breaker, targetId: "${alpha.id}", stopId: { exists: true }'],
    ['approval.decided', 'by: { in: [ann, user-123] }, requestId: "${alpha.name}"'],
    ['limits.changed', 'limits.accounts.default.exposureMax: { min: 1 }, limits.instruments.NVDA.positionMax: 1'],
    ['run.changed', 'executionId: 2, status: failed'],
  ])('is read where it can be: %s where %s', (event, where) => {
    expect(never(event, where)).toBe('');
  });

  test('is refused where it stands for something of another kind', () => {
    const bought = 'script:\n  - { at: 1s, as: bought, call: "POST /api/v1/agents/${alpha.id}/trades" }\n';
    const wants = (where: string) => never('order.filled', where, bought);
    expect(wants('orderId: "${bought.id}", quantity: "${bought.quantity}", side: "${bought.side}"')).toBe('');
    expect(wants('orderId: "${bought.price}"')).toContain('that is a number, and this the id of an order');
    expect(wants('end: "${bought.id}"')).toContain('that is a text, and this true or false');
    expect(wants('side: "${bought.type}"')).toContain('can never be "${bought.type}": that is market, limit');
    expect(wants('quantity: "${bought.side}"')).toContain('can never be "${bought.side}"');
  });

  test('is read when a step says it: the product may know it from there', () => {
    const said =
      'script:\n  - { at: 1s, call: POST /api/v1/emergency-stop, body: { triggered_by: robot, symbol: NVDA } }\n';
    expect(never('trading.halted', 'by: robot', said)).toBe('');
    expect(never('order.submitted', 'ticket.symbol: NVDA', said)).toBe('');
    expect(never('trading.halted', 'by: robt', said)).not.toBe('');
  });

  test('is refused as the agent that is defective', () => {
    expect(told('defect: { agent: rissk, types: [risk.reserve] }\n')).toContain(
      'defect.agent is "rissk", which is no agent: did you mean "risk"?',
    );
    expect(told('catches:\n  - { agent: ordrs, types: [order.submit], fails: x }\n')).toContain(
      'did you mean "orders"?',
    );
  });

  test('is refused in what a step waits for as in what is expected', () => {
    expect(step('{ on: { event: order.filled, where: { symbol: APPL } }, crash: true }')).toContain(
      `${LINE}:51 script[0].on.where.symbol can never be "APPL": did you mean "AAPL"?`,
    );
  });
});

describe('a value that a field never has', () => {
  test.each([
    ['order.filled', 'quantity: ten', 'can never be "ten": it must be a plain decimal number'],
    ['order.filled', 'symbol: null', 'can never be null: it is always there'],
    ['order.filled', 'symbol: { exists: false }', 'is always there: "exists: false" never holds'],
    ['order.filled', 'quantity: { min: 5, max: 4 }', 'has a "min" above its "max"'],
    ['run.changed', 'executionId: 1.5', 'can never be 1.5'],
    ['order.ended', 'end: { matches: "^fil{3}" }', 'can never match ^fil{3}'],
  ])('is refused: never %s where %s', (event, where, line) => {
    expect(never(event, where)).toContain(line);
  });
  test('is no figure of an instrument that nobody quotes, or of all of them', () => {
    const figure = (instrument: string): string =>
      told(`expect:\n  - { figure: position, trader: alpha, instrument: ${instrument}, equals: 0 }\n`);
    expect(figure('all')).toContain('instrument is "all", which is no instrument of this world');
    expect(figure('NVDA')).toContain('instrument is "NVDA", which is no instrument of this world');
  });
});

describe('a path that the product does not have', () => {
  const HINT = '("nowhere: true" says that it is meant so)';
  test.each([
    [
      '{ at: 1s, call: "POST /api/v1/agents/${alpha.id}/trads", status: 4xx }',
      `${LINE}:21 script[0].call is "POST /api/v1/agents/\${alpha.id}/trads", which the product does not have: did you mean "POST /api/v1/agents/\${alpha.id}/trades"? ${HINT}`,
    ],
    ['{ at: 1s, call: GET /heath, status: 404 }', 'did you mean "GET /health"?'],
    ['{ at: 1s, call: DELETE /health }', `which the product does not have: there is GET /health ${HINT}`],
    ['{ at: 1s, call: GET /a/b/c/d/e/f/g/h }', 'GET /openapi.json lists all'],
    [
      '{ at: 1s, listen: /wss }',
      `script[0].listen is "/wss", which the product does not have: did you mean "/ws"? ${HINT}`,
    ],
    [
      '{ at: 1s, listen: /health }',
      'script[0].listen is "/health", which the product does not have: there is /ws, /events',
    ],
    [
      '{ at: 1s, call: GET /api/v1/agents/alpha, status: 404 }',
      'script[0].call has "alpha" where an id belongs: what the file calls so is written ${alpha.id}',
    ],
    [
      '{ at: 1s, call: "GET /api/v1/agents/${alpha.id}/trades?limt=3" }',
      'script[0].call asks with "limt", which is passed over: did you mean "limit"?',
    ],
    [
      '{ at: 1s, as: bought, call: "POST /api/v1/agents/${alpha.id}/trades" }\n  - { at: 2s, release: bought }',
      'script[1].release holds ${bought.stop_id}: "bought" has no "stop_id"',
    ],
    ['{ at: 1s, call: GET /health, nowhere: true }', 'script[0].nowhere is not so: the product answers GET /health'],
    ['{ at: 1s, crash: true, nowhere: true }', '"nowhere" belongs to a "call" or a "listen"'],
  ])('is refused: %s', (one, line) => {
    expect(step(one)).toContain(line);
  });
  test('is refused in what is expected, too', () => {
    expect(told('expect:\n  - { state: GET /heath, status: any }\n')).toContain('expect[0].state is "GET /heath"');
    expect(told('expect:\n  - { alike: [GET /health, GET /heath] }\n')).toMatch(
      /expect\[0]\.alike\[1] .*"GET \/health"\?$/,
    );
  });
  test.each([
    '{ at: 1s, call: GET /heath, nowhere: true }',
    '{ at: 1s, listen: /wss, nowhere: true }',
    '{ at: 1s, call: "GET /api/v1/agents/${alpha.id}/trades?limit=3" }',
    '{ at: 1s, call: GET /api/trading/executions/1/trades/ }',
    '{ at: 1s, call: "DELETE /api/v1/emergency-stop/${alpha.name}" }',
  ])('is read where it is meant, or is there: %s', (one) => expect(step(one)).toBe(''));
});

describe('what somebody hears on a socket', () => {
  test.each([
    [
      '{ at: 1s, listen: /ws, has: { "herd[0].type": auth:ok } }',
      'has.herd[0].type is no field of what listen /ws answers',
    ],
    ['{ at: 1s, listen: /ws, has: { count: many } }', 'has.count can never be "many": it is a number'],
    ['{ at: 1s, listen: /ws, has: { "heard[0].typ": auth:ok } }', 'is no field of what listen /ws answers'],
    ['{ at: 1s, listen: /ws, status: 1006, has: { count: -1 } }', 'has.count can never be -1'],
    ['{ at: 1s, listen: /ws, for: 20m }', 'script[0].for ends behind the end of the scenario (10m): leave it out'],
    ['{ at: 9m, faults: { venue: { drop: 1% } }, for: 2m }', 'script[0].for ends behind the end of the scenario'],
  ])('is checked: %s', (one, line) => expect(step(one)).toContain(line));
  test.each([
    '{ at: 1s, listen: /ws, for: 1m, has: { "heard[0].type": auth:ok, "heard[1].type": error, count: { min: 2 } } }',
    '{ at: 1s, listen: /events, status: 4401, has: { count: 0 } }',
    '{ at: 9m, listen: /ws, for: 1m }',
  ])('is read: %s', (one) => expect(step(one)).toBe(''));
});

describe('accounts of the world', () => {
  test.each([
    '{ at: 1s, stop: { account: desk } }',
    '{ at: 1s, outside: { account: desk, instrument: AAPL, side: buy, quantity: "1", price: "150" } }',
  ])('are as good as traders: %s', (one) => expect(step(one)).toBe(''));
  test.each([
    [
      '{ at: 1s, stop: { account: alpha } }',
      'stop.account is "alpha": the account of a trader is named by "trader: alpha"',
    ],
    [
      '{ at: 1s, stop: { account: dekk } }',
      'stop.account is "dekk", which is no account of this world: did you mean "desk"?',
    ],
    ['{ at: 1s, stop: { account: desk, trader: alpha } }', 'names a "trader" and an "account": one of them is stopped'],
    [
      '{ at: 1s, outside: { account: dekk, instrument: AAPL, side: buy, quantity: "1", price: "150" } }',
      'outside.account is "dekk", which is no account of this world',
    ],
    [
      '{ at: 1s, outside: { account: desk, trader: alpha, instrument: AAPL, side: buy, quantity: "1", price: "150" } }',
      'outside needs either a "trader" or an "account"',
    ],
  ])('are refused: %s', (one, line) => expect(step(one)).toContain(line));
  test('of a figure exclude a trader', () => {
    expect(told('expect:\n  - { figure: cash, trader: alpha, account: desk, min: 0 }\n')).toContain(
      'expect[0].account "trader" and "account" exclude each other: a figure is of one of them',
    );
  });
});

test('a name that is refused itself is not offered', () => {
  const lines = problemsOf('name: A\nuntil: 1m\nworld: { people: { "a b": {} }, traders: { t: { owner: ab } } }\n');
  expect(lines.find((line) => line.includes('owner'))).toContain(
    'is "ab", which is no person of this world: there is none',
  );
  const owned = problemsOf('name: A\nuntil: 1m\nworld: { people: { "a b": {} }, traders: { t: { owner: "a b" } } }\n');
  expect(owned.filter((line) => line.includes('which is no person'))).toEqual([]);
});
