/** The accounts that the development profile opens at its first start. Their money is play money; limits for them stand in limits.development.json. */
import type { AccountTerms } from '../messages/account.ts';

const account = (
  accountId: string,
  {
    userId = 'user-123',
    name = accountId,
    leverage = null,
    ...rest
  }: Partial<AccountTerms> & Pick<AccountTerms, 'venue' | 'venueId' | 'pack' | 'deposit'>,
): AccountTerms => ({ accountId, userId, name, currency: 'USD', leverage, ...rest });

const apex = (accountId: string, venueId: string): AccountTerms =>
  account(accountId, { venue: 'tradovate', venueId, pack: 'apex', deposit: '50000' });

export const DEMO_ACCOUNTS: readonly AccountTerms[] = [
  apex('PAAPEX2666680000001', 'D17158695'),
  apex('PAAPEX2666680000003', 'D17159229'),
  apex('APEX_136189', 'D18156785'),
  account('demo-fx', { userId: 'user-456', venue: 'house', venueId: 'demo-fx', pack: 'house', deposit: '100000' }),
  account('mt4-12345678', {
    ...{ name: 'Broker-Demo', venue: 'mt4', venueId: '12345678', pack: 'house', deposit: '10000', leverage: 100 },
  }),
];
