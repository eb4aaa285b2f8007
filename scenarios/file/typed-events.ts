/** What the compiler knows of events in a scenario in TypeScript: `where` names fields that the records of its event have, by path. */
import type { FactsByType } from '../../messages/registry.ts';
import type { AgentLifecycle } from '../../runtime/lifecycle.ts';
import type { EventName } from './events.ts';
import type { Wanted } from './fields.ts';

type MessageOf<E extends EventName> = E extends keyof FactsByType ? FactsByType[E] : AgentLifecycle;

/** Deeper than any message. */
type Deeper = readonly [never, 0, 1, 2, 3, 4];

/** What stands behind the name of a field: nothing, a further field, a place in a list. */
type Behind<Value, Depth extends number> = Depth extends 0
  ? never
  : Value extends readonly (infer Item)[]
    ? `[${number}]` | `[${number}]${Behind<NonNullable<Item>, Deeper[Depth]>}`
    : Value extends object
      ? `.${PathIn<Value, Deeper[Depth]>}`
      : never;

/** Of a union those of each of its members; of a record every name. */
type PathIn<Value, Depth extends number> = Value extends object
  ? string extends keyof Value
    ? string
    : { [Key in keyof Value & string]: Key | `${Key}${Behind<NonNullable<Value[Key]>, Depth>}` }[keyof Value & string]
  : never;

/** A path with any place, or any name, in it stands for many. */
type IsOpen<Path extends string> = Record<never, never> extends Record<Path, true> ? Path : never;
type Wheres<Path extends string> = { readonly [P in Path as Exclude<P, IsOpen<P>>]?: Wanted } & {
  readonly [P in Path as IsOpen<P>]: Wanted;
};
type WhereOf<E extends EventName> = Wheres<PathIn<MessageOf<E>, 4>>;

/** `Key` names an event, and `where` fields of it. */
type Named<Key extends string, E extends EventName> = { readonly [K in Key]: E } & {
  readonly where?: WhereOf<E> | undefined;
};

/** Which key of an expectation names its event. */
type Single = 'event' | 'never' | 'eventually';
type None<Key extends string> = { readonly [K in Key]?: undefined };
type OfSingle<Key extends Single> = {
  [E in EventName]: Named<Key, E> & None<Exclude<Single | 'sequence', Key>>;
}[EventName];

/** An event with its fields, as a step waits for it and as one follows another. */
export type EventWhere = { [E in EventName]: Named<'event', E> }[EventName];

/** The part of an expectation that is about events; of a sequence `where` holds for all, whatever they are. */
export type ExpectedEvents = (
  | { [Key in Single]: OfSingle<Key> }[Single]
  | (None<Single> & {
      readonly sequence: (EventName | EventWhere)[];
      readonly where?: Readonly<Record<string, Wanted>> | undefined;
    })
  | (None<Single | 'sequence' | 'where'> & { readonly [K in never]: never })
) & { readonly after?: EventWhere | undefined };
