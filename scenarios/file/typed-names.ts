/**
 * What the compiler knows of a scenario in TypeScript: people, traders, accounts and instruments are named as its world names them, fields
 * and their values as messages have them.
 */
import type { ScenarioInput } from './schema.ts';
import type { EventWhere, ExpectedEvents } from './typed-events.ts';

type World = NonNullable<ScenarioInput['world']>;
type Market = NonNullable<ScenarioInput['market']>;
type Step = NonNullable<ScenarioInput['script']>[number];
type Expectation = NonNullable<ScenarioInput['expect']>[number];
type Limits = NonNullable<World['limits']>;
type Entry<T> = NonNullable<T> extends Readonly<Record<string, infer Value>> ? Value : never;
type Item<T> = NonNullable<T> extends (infer One)[] ? One : never;
type With<T, K extends keyof T & keyof N, N> = Omit<T, K> & Pick<N, K>;

/** The names of one world; each is text where a program makes it. */
export interface Names {
  readonly person: string;
  readonly trader: string;
  readonly account: string;
  readonly instrument: string;
  /** The accounts of the development profile are there too: then any id may be one. */
  readonly demo: boolean;
}

type AccountIn<N extends Names> = N['demo'] extends true ? string : N['account'];

interface Named<N extends Names> {
  readonly owner?: N['person'] | undefined;
  readonly by?: N['person'] | undefined;
  readonly trader?: N['trader'] | undefined;
  readonly account?: AccountIn<N> | undefined;
}

interface Quoted<Instrument extends string> {
  readonly instrument: Instrument;
}
type Of<T, N extends Names> = With<T, 'instrument' & keyof T, Quoted<N['instrument'] | 'all'>>;
type Each<T, N extends Names> = Of<Item<T>, N>[] | undefined;

type LimitsOf<Account extends string> = Omit<Limits, 'accounts'> & {
  readonly accounts?: Readonly<Partial<Record<Account | 'default', Entry<Limits['accounts']>>>> | undefined;
};

/** The world says the names: here they are found, everywhere else only looked at. */
interface WorldNames<N extends Names, Found extends Names> {
  readonly instruments?: Found['instrument'][] | undefined;
  readonly people?: Readonly<Record<Found['person'], PersonOf<N>>> | undefined;
  readonly traders?: Readonly<Record<Found['trader'], With<Entry<World['traders']>, 'owner', Named<N>>>> | undefined;
  readonly accounts?: Readonly<Record<Found['account'], With<Entry<World['accounts']>, 'owner', Named<N>>>> | undefined;
  readonly limits?: LimitsOf<AccountIn<N>> | undefined;
  readonly settings?:
    | (Omit<NonNullable<World['settings']>, 'demoAccounts'> & { readonly demoAccounts?: Found['demo'] | undefined })
    | undefined;
}
type PersonOf<N extends Names> = Omit<Entry<World['people']>, 'accounts'> & {
  readonly accounts?: (AccountIn<N> | '*')[] | undefined;
};

interface MarketNames<N extends Names> {
  readonly regimes?: Each<Market['regimes'], N>;
  readonly shocks?: Each<Market['shocks'], N>;
  readonly gaps?: Each<Market['gaps'], N>;
  readonly freezes?: Each<Market['freezes'], N>;
  readonly halts?: Each<Market['halts'], N>;
}

type Outside<N extends Names> = Omit<NonNullable<Step['outside']>, 'trader' | 'account' | 'instrument'> &
  Quoted<N['instrument']> &
  (
    | { readonly trader: N['trader']; readonly account?: undefined }
    | { readonly account: AccountIn<N>; readonly trader?: undefined }
  );
type Stop<N extends Names> = Omit<NonNullable<Step['stop']>, 'trader' | 'account'> &
  (
    | { readonly trader?: N['trader'] | undefined; readonly account?: undefined }
    | { readonly account: AccountIn<N>; readonly trader?: undefined }
  );

interface StepNames<N extends Names> extends Pick<Named<N>, 'by'> {
  readonly stop?: Stop<N> | undefined;
  readonly outside?: Outside<N> | undefined;
  readonly shock?: Of<NonNullable<Step['shock']>, N> | undefined;
  readonly limits?: LimitsOf<AccountIn<N> | N['trader']> | undefined;
  readonly on?: (Omit<NonNullable<Step['on']>, 'event' | 'where'> & EventWhere) | undefined;
}

interface ExpectationNames<N extends Names> extends Pick<Named<N>, 'by' | 'trader' | 'account'> {
  readonly instrument?: N['instrument'] | undefined;
}

type Eventful = 'event' | 'never' | 'eventually' | 'sequence' | 'after' | 'where' | 'same';

/** `N`: the names as they are looked at; `Found`: as they are found. Both are of the same world. */
export type ScenarioOf<N extends Names, Found extends Names> = Omit<
  ScenarioInput,
  'world' | 'market' | 'script' | 'expect'
> & {
  readonly world?: (Omit<World, keyof WorldNames<N, Found>> & WorldNames<N, Found>) | undefined;
  readonly market?: (Omit<Market, keyof MarketNames<N>> & MarketNames<N>) | undefined;
  readonly script?: (Omit<Step, keyof StepNames<N>> & StepNames<N>)[] | undefined;
  readonly expect?:
    | (Omit<Expectation, keyof ExpectationNames<N> | Eventful> & ExpectationNames<N> & ExpectedEvents)[]
    | undefined;
};
