/** What the compiler knows of a scenario in TypeScript: people and traders are named as its world names them, fields as their messages do. */
import type { ScenarioInput } from './schema.ts';
import type { EventWhere, ExpectedEvents } from './typed-events.ts';

type World = NonNullable<ScenarioInput['world']>;
type Step = NonNullable<ScenarioInput['script']>[number];
type Expectation = NonNullable<ScenarioInput['expect']>[number];
type Bearer = NonNullable<World['traders']>[string];
type Account = NonNullable<World['accounts']>[string];
type With<T, K extends keyof T & keyof N, N> = Omit<T, K> & Pick<N, K>;

interface Owner<Person extends string> {
  readonly owner?: NoInfer<Person> | undefined;
}

interface WorldNames<Person extends string, Trader extends string> {
  readonly people?: Readonly<Record<Person, NonNullable<World['people']>[string]>>;
  readonly traders?: Readonly<Record<Trader, With<Bearer, 'owner', Owner<Person>>>>;
  readonly accounts?: Readonly<Record<string, With<Account, 'owner', Owner<Person>>>>;
}

interface TraderName<Trader extends string> {
  readonly trader?: NoInfer<Trader> | undefined;
}

interface StepNames<Person extends string, Trader extends string> {
  readonly by?: NoInfer<Person> | undefined;
  readonly stop?: With<NonNullable<Step['stop']>, 'trader', TraderName<Trader>> | undefined;
  readonly outside?: With<NonNullable<Step['outside']>, 'trader', { readonly trader: NoInfer<Trader> }> | undefined;
  readonly on?: (Omit<NonNullable<Step['on']>, 'event' | 'where'> & EventWhere) | undefined;
}

interface ExpectationNames<Person extends string, Trader extends string> extends TraderName<Trader> {
  readonly by?: NoInfer<Person> | undefined;
}

type Eventful = 'event' | 'never' | 'eventually' | 'sequence' | 'after' | 'where';

interface Named<Person extends string, Trader extends string> {
  readonly world?: With<World, 'people' | 'traders' | 'accounts', WorldNames<Person, Trader>>;
  readonly script?: With<Step, 'by' | 'stop' | 'outside' | 'on', StepNames<Person, Trader>>[];
  readonly expect?: (Omit<Expectation, 'by' | 'trader' | Eventful> &
    ExpectationNames<Person, Trader> &
    ExpectedEvents)[];
}

/** Names that are made by a program (`Object.fromEntries`) are any text, and only told when the file is read. */
export type ScenarioOf<Person extends string, Trader extends string> = With<
  ScenarioInput,
  'world' | 'script' | 'expect',
  Named<Person, Trader>
>;
