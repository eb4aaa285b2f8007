/** What people do with files, backtests and bots, through the doors of their contracts. */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { type Answer, Upload } from '../exchange.ts';
import { formOf, tickText } from '../forms.ts';
import { type Person, parsed } from './person.ts';
import { BOT_ACCOUNT, type Deed } from './script.ts';

export type Work = Extract<Deed, { do: 'upload' | 'backtest' | 'bot' | 'stop-bot' | 'steer' }>;

const HOUR_MS = 3_600_000;
/** Of what is uploaded and tested; no session of a market is closed then. */
const DATA_FROM = Date.UTC(2026, 0, 5, 15);
const TICK_MS = 1_000;

/** One file a person and instrument: whoever sends it again sends the same beginning. */
function fileOf(person: Person, { symbol, ticks, takesMs, cutAfterMs }: Extract<Work, { do: 'upload' }>): Upload {
  const lines = { ticks, startAt: DATA_FROM, everyMs: TICK_MS, price: 5_000, step: 0.25 };
  const text = tickText(lines, seededRandom(`${person.name}/${symbol}`));
  const form = formOf({ instrument: symbol }, { field: 'file', name: 'ticks.csv', text });
  return new Upload({ ...form, file: { symbol, rows: ticks }, takesMs, cutAfterMs });
}

interface Begun {
  readonly task_id: number;
  readonly execution_id: number;
}

interface ShownBot {
  readonly executions: readonly { readonly execution_id: number | null }[];
}

async function backtest(
  person: Person,
  { symbol, hours }: Extract<Work, { do: 'backtest' }>,
): Promise<number | undefined> {
  const task = {
    ...{ task_type: 'backtest', name: 'In a drawn world', strategy_type: 'floor', instrument: symbol },
    parameters: { momentum_lookback: 20, take_profit_pips: 2, retracement_pips: 2, max_retracements: 3 },
    ...{ data_source: 'simulated', granularity: 'ticks', start_time: new Date(DATA_FROM).toISOString() },
    end_time: new Date(DATA_FROM + hours * HOUR_MS).toISOString(),
  };
  return parsed<Begun>(await person.insist('POST', '/api/trading/tasks/', task))?.task_id;
}

function bot(person: Person, { symbol, points, quantity }: Extract<Work, { do: 'bot' }>): Promise<Answer | undefined> {
  const [impulse, pullback, confirmation] = [points, points / 2, points / 4].map((distance) => distance.toFixed(4));
  const form = formOf({
    ...{ accountName: BOT_ACCOUNT, contract: symbol, maxMode: 'both', trading_side: 'both', environment: 'DEMO' },
    quantity: String(quantity),
    point_strategy_key: `${impulse}_${pullback}_${confirmation}_1`,
    exit_strategy_key: `${impulse}_${impulse}`,
  });
  return person.insist('POST', '/api/v1/run-bot/max', new Upload({ ...form, takesMs: 0 }));
}

/** What a person has begun that he may end. */
export class Desk {
  private botId: string | undefined;
  private taskId: number | undefined;
  private executionId: number | undefined;

  constructor(private readonly person: Person) {}

  async act(deed: Work): Promise<void> {
    const { person } = this;
    switch (deed.do) {
      case 'upload':
        return void (await person.insist('POST', '/api/upload-tick-data', fileOf(person, deed)));
      case 'backtest':
        this.taskId = await backtest(person, deed);
        return this.steer('start');
      case 'steer':
        return this.steer(deed.what);
      case 'bot':
        this.botId = parsed<{ bot_id: string }>(await bot(person, deed))?.bot_id;
        return;
      case 'stop-bot':
        if (this.botId !== undefined) await person.insist('POST', `/api/v1/run-bot/${this.botId}/stop`);
    }
  }

  /** The number of the run that he has begun last, of his backtest or else of his bot. */
  async run(): Promise<number | undefined> {
    if (this.executionId !== undefined || this.botId === undefined) return this.executionId;
    const shown = parsed<ShownBot>(await this.person.get(`/api/v1/run-bot/${this.botId}`));
    return shown?.executions[0]?.execution_id ?? undefined;
  }

  private async steer(what: Extract<Work, { do: 'steer' }>['what']): Promise<void> {
    if (this.taskId === undefined) return;
    const answer = await this.person.insist('POST', `/api/trading/tasks/${this.taskId}/${what}/`, {});
    this.executionId = parsed<Begun>(answer)?.execution_id ?? this.executionId;
  }
}
