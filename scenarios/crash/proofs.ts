/**
 * What must be true when all deaths are over: nothing acknowledged is lost, nothing was sent twice or without an intent, product and
 * venue agree on every order and fill, and journal, tables and agents' rows tell one story.
 */
import type { TableName, Tables } from '../../projections/rows.ts';
import type { StoredRecord, StoredState } from '../../runtime/store.ts';
import { type CrashPlace, WORLD } from './place.ts';
import { type VenueLine, venueLines, venueOrders } from './venue-log.ts';

const TABLES = ['traders', 'orders', 'approvals', 'halts', 'fills', 'ledger', 'positions', 'usage'] as const;
const PAGE_RECORDS = 5_000;
const ROWS_MAX = 1_000_000;

type AllRows = { readonly [T in TableName]: readonly Tables[T][] };

/** Everything that is left behind, read while nothing runs. */
export interface Evidence {
  readonly records: readonly StoredRecord[];
  readonly stored: StoredState;
  readonly rows: AllRows;
  readonly lines: readonly VenueLine[];
  readonly venueOrders: Awaited<ReturnType<typeof venueOrders>>;
  /** What the upkeep of the place found. */
  readonly upkeep: readonly string[];
}

export async function gather(place: CrashPlace, folder: string): Promise<Evidence> {
  const opened = place.open();
  try {
    await opened.store.open(WORLD);
    const records: StoredRecord[] = [];
    for (let page = await opened.store.records(0, PAGE_RECORDS); page.length > 0; ) {
      records.push(...page);
      page = await opened.store.records(records.length, PAGE_RECORDS);
    }
    const pages = await Promise.all(
      TABLES.map(async (table) => {
        const query = { where: [], orderBy: [], limit: ROWS_MAX, offset: 0 };
        return [table, (await opened.queries.list(table, query)).rows] as const;
      }),
    );
    const verified = await opened.upkeep.verify();
    const compared = await opened.upkeep.replay();
    return {
      records,
      stored: await opened.store.load(),
      rows: Object.fromEntries(pages) as unknown as AllRows,
      lines: venueLines(folder),
      venueOrders: await venueOrders(folder),
      upkeep: [
        ...(verified.holds ? [] : [`the journal does not hold at ${verified.sequence}: ${verified.reason}`]),
        ...(compared.matches ? [] : [`the tables differ from the records: ${JSON.stringify(compared)}`]),
      ],
    };
  } finally {
    await opened.close();
  }
}

export function prove(evidence: Evidence): readonly string[] {
  return [
    ...evidence.upkeep,
    ...sentOnce(evidence),
    ...intended(evidence),
    ...sameEnds(evidence),
    ...sameFills(evidence),
  ];
}

/** An order is submitted again only after the venue has said that it does not have it. */
function sentOnce({ lines }: Evidence): string[] {
  const problems: string[] = [];
  const seen = new Map<string, { submits: number; absents: number }>();
  for (const line of lines) {
    const count = seen.get(line.clientOrderId) ?? { submits: 0, absents: 0 };
    seen.set(line.clientOrderId, count);
    if ('answered' in line) count.absents += line.told === 'absent' ? 1 : 0;
    else if (line.call === 'submit') {
      count.submits += 1;
      if (count.submits - 1 > count.absents)
        problems.push(`${line.clientOrderId} was submitted ${count.submits} times, and absent ${count.absents} times`);
    }
  }
  return problems;
}

/** Whatever reached the venue had its intent on record, and no venue order is unknown to the product. */
function intended({ records, lines }: Evidence): string[] {
  const intents = new Set(
    records
      .filter(({ type }) => type === 'order.intended')
      .map(({ payload }) => (JSON.parse(payload) as { ticket: { orderId: string } }).ticket.orderId),
  );
  const submitted = new Set(
    lines.filter((line) => 'call' in line && line.call === 'submit').map((line) => line.clientOrderId),
  );
  return [...submitted]
    .filter((id) => !intents.has(id))
    .map((id) => `${id} reached the venue without an intent on record`);
}

/** Both sides call an order's end by the same name; an order that rests there is open here. */
function sameEnds({ rows, venueOrders: orders }: Evidence): string[] {
  const problems: string[] = [];
  const known = new Map(rows.orders.map((row) => [row.id, row]));
  for (const [id, { status }] of orders) {
    const row = known.get(id);
    const ours = row?.end ?? row?.status;
    if ((status === 'accepted' ? 'working' : status) !== ours)
      problems.push(`${id} is ${status} at the venue and ${ours} here`);
  }
  for (const { id, end, status } of rows.orders) {
    if (end === null && status !== 'working' && status !== 'held') problems.push(`${id} has come to rest as ${status}`);
    if (end === 'filled' && !orders.has(id)) problems.push(`${id} is filled here and unknown at the venue`);
  }
  return problems;
}

function sameFills({ rows, venueOrders: orders }: Evidence): string[] {
  const line = (id: string, symbol: string, side: string, quantity: string, price: string): string =>
    `${id} ${side} ${Number(quantity)} ${symbol} at ${Number(price)}`;
  const ours = rows.fills.map(({ id, symbol, side, quantity, price }) => line(id, symbol, side, quantity, price));
  const theirs = [...orders.values()].flatMap(({ order: { symbol, side }, fills }) =>
    fills.map(({ executionId, quantity, price }) => line(executionId, symbol, side, quantity, price)),
  );
  const [here, there] = [new Set(ours), new Set(theirs)];
  return [
    ...theirs.filter((fill) => !here.has(fill)).map((fill) => `the venue's fill ${fill} is not here`),
    ...ours.filter((fill) => !there.has(fill)).map((fill) => `our fill ${fill} is not the venue's`),
  ];
}
