/** What a failed commit means. Only an answer to the statement itself is certain; a connection that ended may have taken the answer along. */
import { CommitError, type CommitFault } from '../../runtime/store.ts';
import { DatabaseFault } from '../client/fault.ts';

/** The connection never came about, so that nothing was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'CONNECTION_ENDED',
  'NOT_OPEN',
  // The server is starting, full, or does not let us in.
  '57P03',
  '53300',
]);
const DIVISION_BY_ZERO = '22012';
/** Classes of what is wrong with the rows, whenever they are sent: twice the same, no such value, against a rule, more than an index holds. */
const OF_THE_DATA = new Set(['21', '22', '23', '54']);

function faultOf(error: DatabaseFault): CommitFault {
  const code = error.code ?? '';
  if (NEVER_SENT.has(code) || code.startsWith('28')) return 'certain';
  if (!error.isAnswer) return 'unknown';
  if (code === DIVISION_BY_ZERO) return 'fenced';
  return OF_THE_DATA.has(code.slice(0, 2)) ? 'data' : 'certain';
}

export function commitError(error: unknown): CommitError {
  if (error instanceof CommitError) return error;
  if (!(error instanceof DatabaseFault)) return new CommitError('unknown', String(error), { cause: error });
  const fault = faultOf(error);
  const message = fault === 'fenced' ? 'another writer has moved the head of the journal' : error.message;
  return new CommitError(fault, message, { cause: error });
}
