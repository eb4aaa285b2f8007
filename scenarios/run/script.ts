/**
 * Plays the steps of a scenario: those with a moment at their moment, those with an event when it has been recorded, each through the
 * real handlers. A step that goes otherwise than its file says is a failure of the run, and the others go on.
 */
import { accountOf } from '../../domain/account.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import type { CheckedRecord } from '../checkers/checker.ts';
import type { Answer } from '../exchange.ts';
import { given } from '../file/fields.ts';
import { DEEDS, type DeedName, type StatusWanted, type Step } from '../file/script-part.ts';
import type { Outsider } from '../outsider.ts';
import { parsed } from '../people/person.ts';
import { LEFT } from '../socket-line.ts';
import type { World } from '../world.ts';
import { answerBody, sentBody } from './bodies.ts';
import { type Cast, DEVELOPMENT_USER } from './cast.ts';
import type { FaultPlan } from './fault-plan.ts';
import { limitsWith } from './limits.ts';
import type { MarketPlan } from './market-plan.ts';
import type { Recorder } from './recorder.ts';
import { answerProblem } from './status.ts';
import { fieldMismatch, filledText, fillIn, pick, type Scope, unknownIn } from './values.ts';

export interface Stage {
  readonly world: World;
  readonly outsider: Outsider;
  readonly cast: Cast;
  readonly faults: FaultPlan;
  readonly market: MarketPlan;
  readonly recorder: Recorder;
  /** Traders and kept answers by name. */
  readonly scope: Map<string, unknown>;
  /** Market time of the world's start and of the scenario's end. */
  readonly startAt: number;
  readonly endAt: number;
  /** Up to when who insists does so. */
  readonly insistUntil: number;
  readonly fail: (what: string) => void;
}

interface Entry {
  readonly step: Step;
  readonly label: string;
  /** Events that fit, and those of them that it is for. */
  seen: number;
  fired: number;
  began: boolean;
  /** Events about which an answer that has not come yet says whether they fit. */
  readonly held: Met[];
}

interface Met {
  readonly message: CheckedRecord['message'];
  readonly at: number;
}

interface PresentLimits {
  readonly version: number;
  readonly limits: TradingLimits | null;
}

const deedOf = (step: Step): DeedName => given(step, DEEDS)[0]!;
const REASON = 'a scenario changes limits';
const LIMITS_TRIES_MAX = 100;
const NOT_FOUND = 404;
const CONFLICT = 409;

function rightStatus({ status, nowhere, listen }: Step): StatusWanted {
  if (status !== undefined) return status;
  if (nowhere) return NOT_FOUND;
  return listen === undefined ? '2xx' : LEFT;
}

export class Script {
  private readonly entries: Entry[] = [];
  /** Those on an event; none before the script starts, so that what is recorded while traders are made sets nothing off. */
  private readonly waiting: Entry[] = [];
  /** Steps under way. */
  private readonly running = new Set<string>();

  constructor(
    private readonly stage: Stage,
    private readonly steps: readonly Step[],
    /** Where they stand in their file, when it is not one behind the other. */
    private readonly places?: readonly number[],
  ) {}

  /** Those whose moment has passed while the world opened happen at once, in the file's order. */
  start(): void {
    const { world, startAt } = this.stage;
    this.steps.forEach((step, index) => {
      const label = `${step.as ?? this.places?.[index] ?? index + 1}: ${deedOf(step)}${step.call === undefined ? '' : ` ${step.call}`}`;
      const entry: Entry = { step, label, seen: 0, fired: 0, began: false, held: [] };
      this.entries.push(entry);
      if (step.on) this.waiting.push(entry);
      else world.runner.clock.at('market', startAt + (step.at ?? 0), () => void this.perform(entry));
    });
  }

  onRecord({ message }: CheckedRecord): void {
    const { world, scope } = this.stage;
    for (const entry of this.waiting) {
      const { event, where } = entry.step.on!;
      if (message.type !== event) continue;
      const met = { message, at: world.now };
      if (unknownIn(where, scope) === undefined) this.meet(entry, met);
      else entry.held.push(met);
    }
  }

  private meet(entry: Entry, { message, at }: Met): void {
    const { world, scope } = this.stage;
    const { where, nth = 1, every, after } = entry.step.on!;
    if (fieldMismatch(message, where, scope) !== undefined) return;
    entry.seen += 1;
    if (!every && entry.seen !== nth) return;
    entry.fired += 1;
    world.runner.clock.at('market', at + after, () => void this.perform(entry, message));
  }

  /** What was recorded before an answer, which most often comes behind the records that it is about. */
  private keep(name: string, body: unknown): void {
    const { scope } = this.stage;
    scope.set(name, body);
    for (const entry of this.waiting)
      if (entry.held.length > 0 && unknownIn(entry.step.on!.where, scope) === undefined)
        for (const met of entry.held.splice(0)) this.meet(entry, met);
  }

  /** What has not come to its end, in words. */
  unfinished(): string[] {
    const runsMs = this.stage.endAt - this.stage.startAt;
    // A step at a moment lies behind the end only where a run is told to end before its file does, which means to leave it out.
    const silent = this.entries.filter(({ step, began }) => !began && !step.optional && (step.at ?? 0) <= runsMs);
    return [
      ...silent.map((entry) => `step ${entry.label} never began: ${this.whyNever(entry)}`),
      ...[...this.running].map((label) => `step ${label} still waits for an answer at the end`),
    ];
  }

  private whyNever({ step, seen, fired, held }: Entry): string {
    const { event, where, nth = 1 } = step.on ?? {};
    if (!event || fired > 0) return 'its moment lies behind the end';
    if (held.length > 0) return `${unknownIn(where, this.stage.scope)}, which its ${event} has to match`;
    return `${event} came ${seen} of ${nth} times as asked for`;
  }

  private async perform(entry: Entry, event?: object): Promise<void> {
    const { recorder, scope, world, startAt } = this.stage;
    const { step, label } = entry;
    if (world.now > this.stage.endAt) return;
    entry.began = true;
    recorder.note(`step ${label}`);
    const known = new Map(scope).set('now', world.now - startAt);
    if (event) known.set('event', event);
    this.running.add(label);
    try {
      await Promise.all(Array.from({ length: step.times }, () => this.once(step, label, known)));
    } catch (error) {
      this.stage.fail(`step ${label}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.running.delete(label);
    }
  }

  private async once(step: Step, label: string, known: Scope): Promise<void> {
    const answers = await this.act(step, known);
    for (const answer of answers) {
      const problem = answerProblem(answer, rightStatus(step));
      const said = answer && fieldMismatch(answerBody(answer), step.has ?? {}, known);
      for (const why of [problem, said]) if (why !== undefined) this.stage.fail(`step ${label}: ${why}`);
      if (step.as !== undefined && answer && answer.body !== '') this.keep(step.as, answerBody(answer));
    }
  }

  /** The answers it got, if it asked. */
  private async act(step: Step, known: Scope): Promise<readonly (Answer | undefined)[]> {
    const { world, faults, market, endAt } = this.stage;
    switch (deedOf(step)) {
      case 'call':
        return [await this.call(step, known)];
      case 'listen':
        return [await this.listen(step, known)];
      case 'stop':
        return [await this.stop(step, known)];
      case 'release':
        return [await this.release(step, known)];
      case 'decide':
        return this.decide(step, known);
      case 'limits':
        return [await this.changeLimits(step, known)];
      case 'crash':
        world.kill();
        return [];
      case 'kill':
        world.workers?.kill();
        return [];
      case 'shock':
        market.shock(step.shock!, world.now + 1);
        return [];
      case 'outside':
        await this.tradeOutside(step, known);
        return [];
      case 'faults':
        if (step.faults === 'off') faults.off();
        else faults.begin(step.faults!, step.for === undefined ? endAt : Math.min(endAt, world.now + step.for));
        return [];
    }
  }

  private call(step: Step, known: Scope): Promise<Answer | undefined> {
    const [method = '', path = ''] = filledText(step.call!, known).split(' ');
    return this.send(step, method, path, sentBody(step, known, this.stage.world.options.seed), {
      ...(step.headers && { headers: fillIn(step.headers, known) as Readonly<Record<string, string>> }),
      ...(step.key !== undefined && { key: filledText(step.key, known) }),
    });
  }

  private listen({ by, listen, say = [], headers, for: forMs }: Step, known: Scope): Promise<Answer | undefined> {
    const { cast, world, endAt } = this.stage;
    return cast.listen({
      ...{ by, path: filledText(listen!, known), forMs: Math.min(forMs ?? endAt, endAt - world.now) },
      say: say
        .map((message) => fillIn(message, known))
        .map((all) => (typeof all === 'string' ? all : JSON.stringify(all))),
      ...(headers && { headers: fillIn(headers, known) as Readonly<Record<string, string>> }),
    });
  }

  private send(
    { by, insist }: Step,
    method: string,
    path: string,
    body?: unknown,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly key?: string } = {},
  ): Promise<Answer | undefined> {
    return this.stage.cast.send({
      by,
      insist,
      insistUntil: this.stage.insistUntil,
      method,
      path,
      ...(body !== undefined && { body }),
      ...more,
    });
  }

  private stop(step: Step, known: Scope): Promise<Answer | undefined> {
    const { trader, account, reason } = step.stop!;
    const scope = { scope: account === undefined ? 'system' : 'account', ...(account && { target_id: account }) };
    const ofTrader = trader !== undefined && { scope: 'agent', target_id: filledText(`\${${trader}.id}`, known) };
    const body = { reason, triggered_by: step.by ?? DEVELOPMENT_USER, ...scope, ...ofTrader };
    return this.send(step, 'POST', '/api/v1/emergency-stop', body);
  }

  private release(step: Step, known: Scope): Promise<Answer | undefined> {
    const id = filledText(`\${${step.release}.stop_id}`, known);
    const body = { authorized_by: step.by ?? DEVELOPMENT_USER, resolution_reason: 'a scenario releases' };
    return this.send(step, 'DELETE', `/api/v1/emergency-stop/${id}`, body);
  }

  private async tradeOutside(step: Step, known: Scope): Promise<void> {
    const { trader, account, instrument, type, ...order } = step.outside!;
    const accountId = account ?? accountOf(filledText(`\${${trader}.id}`, known));
    const { outsider, world } = this.stage;
    await outsider.trade(world.venue, { ...order, accountId, symbol: instrument, orderType: type });
  }

  private decide(step: Step, known: Scope): Promise<readonly (Answer | undefined)[]> {
    const id = filledText(step.request ?? `\${event.requestId}`, known);
    const path = `/api/v1/oversight/requests/${id}`;
    const approve = () => this.send(step, 'POST', `${path}/approve`, { comment: 'seen in a scenario' });
    const reject = () => this.send(step, 'POST', `${path}/reject`, { reason: 'refused in a scenario' });
    const deeds = { approve: [approve], reject: [reject], both: [approve, reject] }[step.decide!];
    return Promise.all(deeds.map((deed) => deed()));
  }

  /** What somebody else changes at the same moment stays: the change is made again from what then holds. */
  private async changeLimits(step: Step, known: Scope): Promise<Answer | undefined> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.changePresent(step, known);
      if (answer?.status !== CONFLICT || tries === LIMITS_TRIES_MAX) return answer;
    }
  }

  private async changePresent(step: Step, known: Scope): Promise<Answer | undefined> {
    const path = '/api/v1/house/limits';
    const present = await this.send(step, 'GET', path);
    const { limits, version: expectedVersion } = parsed<PresentLimits>(present) ?? {};
    if (present?.status !== 200) return present;
    const { accounts = {}, ...others } = step.limits!;
    // A trader stands for its account.
    const byAccount = Object.entries(accounts).map(([name, own]) => {
      const traderId = pick(known.get(name), 'id');
      return [typeof traderId === 'string' ? accountOf(traderId) : name, own] as const;
    });
    const changed = limitsWith({ ...others, accounts: Object.fromEntries(byAccount) }, limits ?? undefined);
    return this.send(step, 'PUT', path, { limits: changed, reason: REASON, expectedVersion });
  }
}
