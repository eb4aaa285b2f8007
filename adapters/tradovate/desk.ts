/**
 * Tradovate's REST interface with a token: typed reads and the two commands. Invariant: a request is repeated only after a 401, which
 * says that it was refused at the door.
 */
import { z } from 'zod';
import { TradovateError } from './fault.ts';
import type { Ask, Http } from './http.ts';
import type { Session } from './session.ts';
import {
  tvAccount,
  tvCashBalance,
  tvCommand,
  tvCommandReport,
  tvCommandResult,
  tvContract,
  tvExecutionReport,
  tvFill,
  tvFillFee,
  tvOrder,
  tvOrderVersion,
  tvPosition,
} from './wire.ts';

/** Ids in one request: a URL has its bound. */
const IDS_MAX = 100;

export class Desk {
  constructor(
    private readonly http: Http,
    private readonly session: Session,
  ) {}

  accounts = (signal: AbortSignal) => this.list('account/list', tvAccount, {}, signal);
  orders = (signal: AbortSignal) => this.list('order/list', tvOrder, {}, signal);
  positions = (signal: AbortSignal) => this.list('position/list', tvPosition, {}, signal);
  cashBalances = (signal: AbortSignal) => this.list('cashBalance/list', tvCashBalance, {}, signal);
  /** Commands of the running trade date. */
  commands = (signal: AbortSignal) => this.list('command/list', tvCommand, {}, signal);
  contracts = (ids: readonly number[], signal: AbortSignal) =>
    this.byIds('contract/items', 'ids', tvContract, ids, signal);
  versionsOf = (orderIds: readonly number[], signal: AbortSignal) =>
    this.byIds('orderVersion/ldeps', 'masterids', tvOrderVersion, orderIds, signal);
  fillsOf = (orderIds: readonly number[], signal: AbortSignal) =>
    this.byIds('fill/ldeps', 'masterids', tvFill, orderIds, signal);
  /** Of one fill; empty while they are not settled. Asked for one by one, because a fee does not name its fill. */
  feesOf = (fillId: number, signal: AbortSignal) => this.list('fillFee/deps', tvFillFee, { masterid: fillId }, signal);
  commandsOf = (orderIds: readonly number[], signal: AbortSignal) =>
    this.byIds('command/ldeps', 'masterids', tvCommand, orderIds, signal);

  async order(id: number, signal: AbortSignal) {
    return tvOrder.parse(await this.call({ method: 'GET', path: 'order/item', query: { id } }, signal));
  }

  /** Why an order was rejected, in Tradovate's words: from its executions, else from its commands. */
  async rejectionOf(orderId: number, signal: AbortSignal): Promise<string | undefined> {
    const executions = await this.list('executionReport/deps', tvExecutionReport, { masterid: orderId }, signal);
    const said = executions.flatMap(({ rejectReason, text }) => sentence(rejectReason, text)).at(-1);
    if (said !== undefined) return said;
    const commands = await this.commandsOf([orderId], signal);
    const ids = commands.map(({ id }) => id);
    const reports = await this.byIds('commandReport/ldeps', 'masterids', tvCommandReport, ids, signal);
    return reports.flatMap(({ rejectReason, text }) => sentence(rejectReason, text)).at(-1);
  }

  /** The order's id, or the reason of a refusal. Throws TradovateError; `handled: unknown` means that the order may exist. */
  place(body: unknown, signal: AbortSignal): Promise<{ readonly orderId: number } | { readonly refused: string }> {
    return this.command({ method: 'POST', path: 'order/placeorder', body }, signal);
  }

  cancel(orderId: number, signal: AbortSignal): Promise<{ readonly orderId: number } | { readonly refused: string }> {
    const body = { orderId, isAutomated: true };
    return this.command({ method: 'POST', path: 'order/cancelorder', body, urgent: true }, signal, orderId);
  }

  private async command(ask: Ask, signal: AbortSignal, known?: number) {
    const parsed = tvCommandResult.safeParse(await this.call(ask, signal));
    if (!parsed.success) throw new TradovateError(`${ask.path}: an answer that can't be read`, 'unknown');
    const { orderId = known, failureReason, failureText } = parsed.data;
    const [refused] = sentence(failureReason, failureText);
    // With an order id the order exists, whatever else is said: its state tells.
    if (refused !== undefined && parsed.data.orderId == null) return { refused };
    if (orderId == null) throw new TradovateError(`${ask.path}: an answer without an order`, 'unknown');
    return { orderId };
  }

  private async byIds<T>(
    path: string,
    name: string,
    schema: z.ZodType<T>,
    ids: readonly number[],
    signal: AbortSignal,
  ) {
    const found: T[] = [];
    for (let from = 0; from < ids.length; from += IDS_MAX) {
      const some = ids.slice(from, from + IDS_MAX).join(',');
      found.push(...(await this.list(path, schema, { [name]: some }, signal)));
    }
    return found;
  }

  private async list<T>(
    path: string,
    schema: z.ZodType<T>,
    query: Ask['query'] & {},
    signal: AbortSignal,
  ): Promise<T[]> {
    return z.array(schema).parse(await this.call({ method: 'GET', path, query }, signal));
  }

  private async call(ask: Ask, signal: AbortSignal): Promise<unknown> {
    const token = await this.session.token(signal);
    try {
      return await this.http.ask({ ...ask, token }, signal);
    } catch (error) {
      if (!(error instanceof TradovateError) || error.status !== 401) throw error;
      this.session.refused(token);
      return this.http.ask({ ...ask, token: await this.session.token(signal) }, signal);
    }
  }
}

function sentence(reason: string | null | undefined, text: string | null | undefined): string[] {
  if (!reason || reason === 'Success') return [];
  return [text ? `${reason}: ${text}` : reason];
}
