/**
 * A11. Nobody does what is not his office: halts are released and requests decided only by who supervises, limits are set only by an admin, and
 * by a trader trades only who owns it, or who acts for others. Whose token names its owner is held to what it says; all others are not.
 */
import type { TraderCreated } from '../../messages/trader.ts';
import type { CheckedAnswer, CheckedRecord, Checker, Report } from './checker.ts';

interface Claims {
  readonly sub: string;
  readonly roles: readonly unknown[];
}

const OFFICES: readonly { readonly method: string; readonly path: RegExp; readonly roles: readonly string[] }[] = [
  { method: 'DELETE', path: /^\/api\/v1\/emergency-stop\/[^/]+$/, roles: ['supervisor', 'admin'] },
  { method: 'POST', path: /^\/api\/v1\/oversight\/requests\/[^/]+\/(approve|reject)$/, roles: ['supervisor', 'admin'] },
  { method: 'PUT', path: /^\/api\/v1\/house\/limits$/, roles: ['admin'] },
];
const TRADES = /^\/api\/v1\/agents\/([^/]+)\/trades$/;
const FOR_OTHERS: readonly string[] = ['admin', 'service'];

function claimsIn(authorization = ''): Claims | undefined {
  const text = authorization.split('.')[1];
  if (text === undefined) return undefined;
  const { sub, roles } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
  return typeof sub === 'string' && Array.isArray(roles) ? { sub, roles } : undefined;
}

class RolesHold implements Checker {
  readonly name = 'A11 roles hold';
  readonly takes = ['trader.created'] as const;
  /** By trader. */
  private readonly owners = new Map<string, string>();

  onRecord({ type, message }: CheckedRecord): void {
    if (type !== 'trader.created') return;
    const { traderId, userId } = message as TraderCreated;
    this.owners.set(traderId, userId);
  }

  onAnswer({ method, path, status, authorization }: CheckedAnswer, report: Report): void {
    const claims = status < 300 ? claimsIn(authorization) : undefined;
    if (!claims) return;
    const { sub, roles } = claims;
    const is = (allowed: readonly string[]): boolean => allowed.some((role) => roles.includes(role));
    const office = OFFICES.find((one) => one.method === method && one.path.test(path));
    const tell = (whose: string) =>
      report(`${sub}, who is ${roles.join(' and ')}, was answered ${status} by ${method} ${path}${whose}`);
    if (office && !is(office.roles)) tell('');
    const trader = method === 'POST' ? TRADES.exec(path)?.[1] : undefined;
    const owner = trader === undefined ? undefined : this.owners.get(trader);
    if (owner !== undefined && owner !== sub && !is(FOR_OTHERS)) tell(`, which is of ${owner}`);
  }

  atRest(): void {}
}

export const rolesHold = (): Checker => new RolesHold();
