/**
 * What a caller was told is durable at that moment, whatever happens next: the trade, trader, stop, release or decision behind a 2xx
 * answer has its record, and that record lies at or before what the journal had committed when the answer left.
 */
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';
import { type Fact, factOf } from './folds/facts.ts';
import { saidIn } from './folds/said.ts';

/** A record, by what an answer can name. */
type Told = { readonly type: Fact['type']; readonly id: string };

/** What the journal must know for an answer to be true. */
function promisedBy({ method, path, status, body }: CheckedAnswer): Told | undefined {
  // A stream of events tells of files, which are not in the journal; a copy of the journal is no JSON.
  if (status < 200 || status >= 300 || method === 'GET' || !/^(\{|$)/.test(body)) return undefined;
  const parts = path.split('/');
  const said = saidIn(body);
  const inner = (said.trade ?? said) as Record<string, unknown>;
  if (method === 'POST' && path.endsWith('/trades')) {
    const id = String(inner.id);
    return { type: inner.status === 'executed' ? 'order.filled' : 'order.submitted', id };
  }
  if (method === 'POST' && path === '/api/v1/agents') return { type: 'trader.created', id: String(said.id) };
  if (method === 'POST' && path === '/api/v1/emergency-stop')
    return { type: 'trading.halted', id: String(said.stop_id) };
  if (method === 'DELETE' && parts[3] === 'emergency-stop') return { type: 'trading.resumed', id: parts[4] ?? '' };
  if (method === 'POST' && parts[4] === 'requests') return { type: 'approval.decided', id: parts[5] ?? '' };
  if (method === 'DELETE' && parts[3] === 'agents' && parts.length === 5)
    return { type: 'trader.terminated', id: parts[4] ?? '' };
  return undefined;
}

function idOf(fact: Fact): string {
  switch (fact.type) {
    case 'order.submitted':
      return fact.ticket.orderId;
    case 'order.filled':
      return fact.orderId;
    case 'trader.created':
    case 'trader.terminated':
      return fact.traderId;
    case 'trading.halted':
    case 'trading.resumed':
      return fact.stopId;
    case 'approval.decided':
      return fact.requestId;
    default:
      throw new Error(`Invariant: an answer promises no ${fact.type}`);
  }
}

class AcknowledgedIsDurable implements Checker {
  readonly name = 'A1 acknowledged is durable';
  readonly takes = [
    'order.submitted',
    'order.filled',
    'trader.created',
    'trader.terminated',
    'trading.halted',
    'trading.resumed',
    'approval.decided',
  ] as const;
  /** By type, of each thing the sequence of its first record. */
  private readonly first = new Map<string, Map<string, number>>(this.takes.map((type) => [type, new Map()]));

  onRecord(record: CheckedRecord): void {
    const known = this.first.get(record.type);
    if (!known) return;
    const id = idOf(factOf(record));
    if (!known.has(id)) known.set(id, record.sequence);
  }

  onAnswer(answer: CheckedAnswer, report: Report): void {
    const told = promisedBy(answer);
    if (!told) return;
    const { method, path, status, durableSequence } = answer;
    const sequence = this.first.get(told.type)?.get(told.id);
    const heard = `${method} ${path} was answered ${status}`;
    if (sequence === undefined) report(`${heard}, and no ${told.type} of ${told.id} is in the journal`);
    else if (sequence > durableSequence)
      report(`${heard} at ${durableSequence}, before its ${told.type} ${sequence} was durable`);
  }

  atRest(): void {}
}

export const acknowledgedIsDurable = (): Checker => new AcknowledgedIsDurable();
