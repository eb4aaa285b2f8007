/** The paper venue in a process of its own, on the loopback interface. */
import type { VenueAdapter } from '../../kit/adapter.ts';
import { address, isOnLoopback, optional } from '../../kit/setting.ts';
import { openRemoteVenue } from './client.ts';

const settings = {
  PAPER_VENUE_URL: optional(address('http').refine(isOnLoopback, 'is not on loopback'), {
    about: 'Paper venue in a process of its own; without it the venue runs in this process.',
    form: 'http://127.0.0.1:port',
  }),
};

export const paperRemote: VenueAdapter<typeof settings> = {
  name: 'paper-remote',
  port: 'venue',
  settings,
  async open({ PAPER_VENUE_URL: url }) {
    if (url === undefined) throw new Error('PAPER_VENUE_URL is missing: VENUE=paper-remote needs it');
    const venue = openRemoteVenue({ url });
    return {
      venue,
      match: async (quote) => void (await venue.quotes([quote])),
      health: () => ({ state: venue.isReachable() ? 'healthy' : 'unhealthy', simulated: true }),
      close: () => venue.close(),
    };
  },
};
