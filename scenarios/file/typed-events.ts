/**
 * What the compiler knows of events in a scenario in TypeScript: `where` names fields that the records of its event have, by path, each
 * with a value that it can have. Names of things (who, which instrument) are texts here and told when the file is read.
 */
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

/** What lies under a name, or at a place in a list, of each member of a union that has it; of a record nothing is known. */
type Under<Value, Key extends string> = Value extends object
  ? string extends keyof Value
    ? unknown
    : Key extends keyof Value
      ? Value[Key]
      : Key extends `${infer List}[${string}]`
        ? ItemOf<Under<Value, List>>
        : never
  : never;
type ItemOf<Value> = Value extends readonly (infer Item)[] ? Item : never;
type At<Value, Path extends string> = Path extends `${infer Key}.${infer Rest}`
  ? At<Under<Value, Key>, Rest>
  : Under<Value, Path>;

/** A text with references in it may become any value. */
type Referring = `${string}\${${string}}${string}`;
type Conditions = Extract<Wanted, object>;
type Wish<Value extends string | number | boolean> =
  | Value
  | Referring
  | null
  | (Omit<Conditions, 'not' | 'in'> & {
      readonly not?: Value | Referring | null | undefined;
      readonly in?: (Value | Referring | null)[] | undefined;
    });

/** Of texts that are no closed set nothing is known, and decimal text may be a number. */
type WishOf<Value> = [Value] extends [boolean]
  ? Wish<boolean>
  : [Value] extends [number]
    ? Wish<Value>
    : [Value] extends [string]
      ? string extends Value
        ? Wish<string | number>
        : Wish<Value>
      : [Value] extends [object]
        ? { readonly exists: boolean }
        : Wanted;
type WishFor<Value> = unknown extends Value ? Wanted : WishOf<NonNullable<Value>>;

/** A path with any place, or any name, in it stands for many. */
type IsOpen<Path extends string> = Record<never, never> extends Record<Path, true> ? Path : never;
type WhereIn<Message, Path extends string> = {
  readonly [P in Path as Exclude<P, IsOpen<P>>]?: WishFor<At<Message, P>>;
} & {
  readonly [P in Path as IsOpen<P>]: WishFor<At<Message, P>>;
};
type PathOf<E extends EventName> = PathIn<MessageOf<E>, 4>;
type WhereOf<E extends EventName> = WhereIn<MessageOf<E>, PathOf<E>>;

/** A field of the event, or of its ticket. */
type SameIn<Path extends string> = Path | (Path extends `ticket.${infer Field}` ? Field : never);
type SameOf<E extends EventName> = E extends EventName ? SameIn<PathOf<E>> : never;

/** `Key` names an event, and `where` fields of it. */
type Named<Key extends string, E extends EventName> = { readonly [K in Key]: E } & {
  readonly where?: WhereOf<E> | undefined;
};

/** Which key of an expectation names its event. */
type Single = 'event' | 'never' | 'eventually';
type None<Key extends string> = { readonly [K in Key]?: undefined };
type OfSingle<Key extends Single> = {
  [E in EventName]: Named<Key, E> &
    None<Exclude<Single | 'sequence', Key>> & {
      readonly same?: Key extends 'eventually' ? SameOf<E> | undefined : undefined;
    };
}[EventName];

/** An event with its fields, as a step waits for it and as one follows another. */
export type EventWhere = { [E in EventName]: Named<'event', E> }[EventName];

/** The part of an expectation that is about events; of a sequence `where` holds for all, whatever they are. */
export type ExpectedEvents = (
  | { [Key in Single]: OfSingle<Key> }[Single]
  | (None<Single> & {
      readonly sequence: (EventName | EventWhere)[];
      readonly where?: Readonly<Record<string, Wanted>> | undefined;
      readonly same?: SameOf<EventName> | undefined;
    })
  | (None<Single | 'sequence' | 'where' | 'same'> & { readonly [K in never]: never })
) & { readonly after?: EventWhere | undefined };
