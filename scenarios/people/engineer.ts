/**
 * Who looks after the house of a drawn world whose agents crash: lets one that stayed down try its fact again, and releases what the house
 * has stopped by itself. He comes now and then, and once more when nothing goes wrong any longer, until everybody is up.
 */
import type { World } from '../world.ts';
import { SHARED } from './credentials.ts';
import { Person, parsed } from './person.ts';

const PAUSE_MIN_MS = 5_000;
const PAUSE_SPREAD_MS = 55_000;
/** Behind the faults he has the others come to rest in time. */
const AGAIN_MS = 1_000;

interface Agents {
  readonly agents: readonly { readonly address: string; readonly status: string }[];
}

interface Stops {
  readonly active_stops: readonly { readonly stop_id: string; readonly triggered_by: string }[];
}

export class Engineer {
  private readonly person: Person;
  private isHealed = false;

  constructor(private readonly world: World) {
    this.person = new Person(world, 'engineer', SHARED, world.random.fork('engineer'));
  }

  /** Resolves when the faults have ended and nobody is down. */
  async work(): Promise<void> {
    const { runner } = this.world;
    for (;;) {
      const wasHealed = this.isHealed;
      const isWell = await this.look();
      if (wasHealed && isWell) return;
      const pauseMs = PAUSE_MIN_MS + Math.floor(this.person.random.next() * PAUSE_SPREAD_MS);
      const until = this.world.now + (wasHealed ? AGAIN_MS : pauseMs);
      while (this.world.now < until && this.isHealed === wasHealed) await runner.sleep(AGAIN_MS);
    }
  }

  /** The faults have ended. */
  heal(): void {
    this.isHealed = true;
  }

  /** Is everybody up? */
  private async look(): Promise<boolean> {
    const { person } = this;
    const list = parsed<Agents>(await person.get('/api/v1/house/agents'));
    if (!list) return false;
    const down = list.agents.filter(({ status }) => status === 'down');
    for (const { address } of down) await person.insist('POST', `/api/v1/house/agents/${address}/retry`);
    if (down.length === 0) await this.release();
    return list.agents.every(({ status }) => status === 'running');
  }

  private async release(): Promise<void> {
    const { person } = this;
    const list = parsed<Stops>(await person.get('/api/v1/emergency-stops'));
    for (const { stop_id, triggered_by } of list?.active_stops ?? [])
      if (triggered_by === 'house')
        await person.insist('DELETE', `/api/v1/emergency-stop/${stop_id}`, {
          authorized_by: 'user-123',
          resolution_reason: 'looked at, and well again',
        });
  }
}
