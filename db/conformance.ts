/**
 * What every store and its queries promise, as one suite: in memory, embedded and on a server. A place can be opened again after its
 * holder was cut off without a word, as a killed process is.
 */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Queries } from '../projections/queries.ts';
import { GENESIS_HASH } from '../runtime/chain.ts';
import type { Store } from '../runtime/store.ts';
import { queriesConformance } from './queries/conformance.ts';
import { GroupWriter, orderRow, upsertOrder } from './testing/groups.ts';
import { type TestPlace, TestPlaces } from './testing/places.ts';

export interface ConformanceInstance {
  readonly store: Store;
  readonly queries: Queries;
}

const WORLD = 'simulated:1';

export function storeConformance(name: string, makePlace: () => Promise<TestPlace<ConformanceInstance>>): void {
  describe(name, () => {
    const places = new TestPlaces(makePlace);
    let place: TestPlace<ConformanceInstance>;
    let store: Store;
    let queries: Queries;
    let writer: GroupWriter;
    let instance: ConformanceInstance;

    const begin = async (opened: ConformanceInstance): Promise<void> => {
      instance = opened;
      ({ store, queries } = instance);
      await store.open(WORLD);
      writer = new GroupWriter(await store.takeEpoch());
    };
    afterAll(() => places.end());

    describe('of what is written', () => {
      beforeEach(async () => begin(await places.emptied()));

      test('records come back gap-free, as they were written, page by page', async () => {
        const first = writer.next(['{"a":"ü \\u0000 😀"}', '{"b":2}']);
        const second = writer.next(['{"c":3}']);
        await store.commit(first);
        await store.commit(second);
        expect(await store.records(0, 2)).toEqual(first.records);
        expect(await store.records(2, 100)).toEqual(second.records);
        expect(await store.records(3, 100)).toEqual([]);
      });

      test('a record is stored field by field, whatever else it carries', async () => {
        const group = writer.next(['{}']);
        const records = group.records.map((record) => ({ ...record, message: { type: 'x' } }));
        await store.commit({ ...group, records });
        expect(await store.records(0, 10)).toEqual(group.records);
      });

      test('rows, cursors and effects load in total order, of all agents or of one', async () => {
        const row = (agent: string, entity: string) => ({ agent, entity, version: 1, state: `{"of":"${entity}"}` });
        const rows = [
          row('orders', 'b'),
          row('orders', 'B'),
          row('orders', 'ä'),
          row('keys', 'z'),
          row('keys', '\u{1F600}'),
          row('keys', '\uFFFD'),
        ];
        const cursors = [
          { agent: 'risk', sequence: 1 },
          { agent: 'orders', sequence: 2 },
        ];
        const opened = [
          { sequence: 2, agent: 'orders' },
          { sequence: 1, agent: 'orders' },
          { sequence: 1, agent: 'keys' },
        ];
        await store.commit(writer.next(['{}', '{}'], { rows, cursors, opened }));
        expect(await store.load()).toEqual({
          rows: [
            row('keys', 'z'),
            row('keys', '\uFFFD'),
            row('keys', '\u{1F600}'),
            row('orders', 'B'),
            row('orders', 'b'),
            row('orders', 'ä'),
          ],
          cursors: [cursors[1], cursors[0]],
          effects: [opened[2], opened[1], opened[0]],
        });
        expect((await store.load('keys')).rows).toHaveLength(3);
        expect(await store.load('risk')).toEqual({ rows: [], cursors: [cursors[0]], effects: [] });
      });

      test('a row is replaced whole and leaves with its entity; a closed effect is gone', async () => {
        const effect = { sequence: 1, agent: 'orders' };
        const row = { agent: 'orders', entity: 'o1', version: 1, state: 'first' };
        await store.commit(
          writer.next(['{}'], { rows: [row], opened: [effect], cursors: [{ agent: 'orders', sequence: 1 }] }),
        );
        const cursors = [{ agent: 'orders', sequence: 2 }];
        await store.commit(
          writer.next(['{}'], { rows: [{ ...row, version: 2, state: 'second' }], closed: [effect], cursors }),
        );
        expect(await store.load()).toEqual({ rows: [{ ...row, version: 2, state: 'second' }], cursors, effects: [] });
        await store.commit(writer.next([], { rows: [{ ...row, state: null }] }));
        expect((await store.load()).rows).toEqual([]);
      });

      test('rows that sleep are left alone, found by name, and told by the time at which they wake', async () => {
        const row = (entity: string, wakesAt: number, more: { agent?: string; version?: number } = {}) => ({
          ...{ agent: 'keys', version: 2, entity, wakesAt, state: `{"of":"${entity}"}` },
          ...more,
        });
        const [never, early, tied, late] = [row('ä', 0), row('c', 10), row('a', 20), row('z', 30)];
        const alsoTied = row('\u{1F600}', 20);
        const [older, others] = [row('b', 15, { version: 1 }), row('a', 40, { agent: 'beds' })];
        const awake = { agent: 'orders', entity: 'o', version: 2, state: '{}' };
        const all = [late, alsoTied, tied, early, never, older, others, awake];
        await store.commit(writer.next([], { rows: all }));
        expect((await store.load()).rows).toHaveLength(all.length);
        expect((await store.load('keys')).rows).toEqual([tied, older, early, late, never, alsoTied]);
        const sleeping = [{ agent: 'keys', version: 2 }];
        expect(await store.load(undefined, sleeping)).toEqual({
          ...{ rows: [others, older, awake], cursors: [], effects: [] },
          asleep: [{ agent: 'keys', lastWakesAt: 30 }],
        });
        expect((await store.load(undefined, [...sleeping, { agent: 'beds', version: 2 }])).rows).toEqual([
          older,
          awake,
        ]);
        expect(await store.load('keys', sleeping)).toMatchObject({ rows: [older], asleep: [{ lastWakesAt: 30 }] });
        expect(await store.load('orders', sleeping)).toMatchObject({ rows: [awake], asleep: [] });
        expect(await store.find('keys', ['z', 'nobody', 'a', 'o'])).toEqual([tied, late]);
        const due = (after: number, until: number, limit: number) =>
          store.due({ agent: 'keys', version: 2, after, until, limit });
        expect(await due(-1, 29, 10)).toEqual([never, early, tied, alsoTied]);
        expect(await due(-1, 30, 3)).toEqual([never, early, tied, alsoTied]);
        expect(await due(20, 30, 3)).toEqual([late]);
        expect(await due(30, 100, 3)).toEqual([]);
      });

      test('a row that sleeps is replaced whole, and leaves with its entity', async () => {
        const row = { agent: 'keys', entity: 'a', version: 1, wakesAt: 10, state: 'first' };
        await store.commit(writer.next([], { rows: [row] }));
        const second = { ...row, wakesAt: 20, state: 'second' };
        await store.commit(writer.next([], { rows: [second] }));
        expect(await store.find('keys', ['a'])).toEqual([second]);
        await store.commit(writer.next([], { rows: [{ ...row, wakesAt: 0, state: null }] }));
        expect(await store.find('keys', ['a'])).toEqual([]);
        expect((await store.load()).rows).toEqual([]);
      });

      test('an effect that opens and closes in one group was never there', async () => {
        const effect = { sequence: 1, agent: 'orders' };
        await store.commit(writer.next(['{}'], { opened: [effect], closed: [effect] }));
        expect((await store.load()).effects).toEqual([]);
      });

      test('a group without records keeps the head and writes its rows', async () => {
        await store.commit(writer.next([], { cursors: [{ agent: 'a', sequence: 0 }] }));
        expect((await store.load()).cursors).toEqual([{ agent: 'a', sequence: 0 }]);
        expect((await store.takeEpoch()).sequence).toBe(0);
      });

      test('a commit of an older epoch is fenced and leaves nothing', async () => {
        const late = writer.next(['{"late":true}'], { rows: [{ agent: 'a', entity: 'e', version: 1, state: '{}' }] });
        const successor = new GroupWriter(await store.takeEpoch());
        await store.commit(successor.next(['{"new":true}']));
        await expect(store.commit(late)).rejects.toMatchObject({ name: 'CommitError', fault: 'fenced' });
        expect((await store.load()).rows).toEqual([]);
        expect((await store.records(0, 10)).map(({ payload }) => payload)).toEqual(['{"new":true}']);
      });

      test('a group that is committed twice is fenced the second time', async () => {
        const group = writer.next(['{}']);
        await store.commit(group);
        await expect(store.commit(group)).rejects.toMatchObject({ fault: 'fenced' });
      });

      test('after an unknown outcome the taken head says whether the group is there', async () => {
        const group = writer.next(['{}', '{}']);
        await store.commit(group);
        expect(await store.takeEpoch()).toMatchObject({ sequence: 2, hash: group.hash, epoch: 2 });
      });

      test.each([
        ['a row of an agent', { rows: [{ agent: 'a', entity: 'e\0', version: 1, state: '{}' }] }],
        ['a read table', { upserts: [upsertOrder(orderRow('o1', { reason: 'NUL \0' }))] }],
        ['a read table, as a lone surrogate', { upserts: [upsertOrder(orderRow('o1', { reason: '\ud800' }))] }],
      ])('data that no database can hold fails the whole group, in %s', async (_where, content) => {
        const group = writer.next(['{}'], { cursors: [{ agent: 'a', sequence: 1 }], ...content });
        await expect(store.commit(group)).rejects.toMatchObject({ fault: 'data' });
        expect(await store.records(0, 10)).toEqual([]);
        expect((await store.load()).cursors).toEqual([]);
      });

      test.each([
        ['a record, as its time', {}, { recordedAt: 1.5 }],
        ['a record, as its cause', {}, { causationId: Number.NaN }],
        ['a record, as its version', {}, { version: 2 ** 31 }],
        ['the version of a row of an agent', { rows: [{ agent: 'a', entity: 'e', version: 1.5, state: '{}' }] }, {}],
        ['a cursor', { cursors: [{ agent: 'b', sequence: 0.5 }] }, {}],
        ['an effect', { opened: [{ agent: 'a', sequence: 0.5 }] }, {}],
        ['a closed effect', { closed: [{ agent: 'a', sequence: 0.5 }] }, {}],
        ['a time of a read table', { upserts: [upsertOrder(orderRow('o1', { submittedAt: 0.5 }))] }, {}],
        ['a time that may be missing', { upserts: [upsertOrder(orderRow('o1', { endedAt: Infinity }))] }, {}],
        ['a number beyond all columns', { upserts: [upsertOrder(orderRow('o1', { submittedAt: 1e19 }))] }, {}],
      ])('a number that its column does not take fails the whole group: %s', async (_where, content, fields) => {
        await expect(store.commit(writer.next(['{}'], content, fields))).rejects.toMatchObject({ fault: 'data' });
        expect(await store.records(0, 10)).toEqual([]);
        expect(await store.load()).toEqual({ rows: [], cursors: [], effects: [] });
        expect(await queries.get('orders', 'o1')).toBeUndefined();
      });

      test('a record with NUL outside its JSON is refused for its data', async () => {
        const group = writer.next(['{}'], {}, { principal: 'NUL \0' });
        await expect(store.commit(group)).rejects.toMatchObject({ fault: 'data' });
      });

      test.each([
        ['plain', 'nothing special'],
        ['empty', ''],
        ['of the marks between values', 'a\u001fb \u001e c'],
        ['one mark alone', '\u001e'],
        ['quotes, braces and backslashes', '{"a",\\"b\\\\",NULL}'],
        ['the word for nothing', 'NULL'],
      ])('any other text comes back as it was: %s', async (_which, text) => {
        const alone = writer.next(['{}'], { upserts: [upsertOrder(orderRow('o1', { reason: text }))] });
        await store.commit({ ...alone, records: alone.records.map((record) => ({ ...record, correlationId: text })) });
        const rows = [{ agent: 'a', entity: text, version: 1, state: text }];
        const upserts = ['o2', 'o3'].map((id) => upsertOrder(orderRow(id, { reason: id === 'o2' ? text : null })));
        await store.commit(writer.next(['{}', '{}'], { rows, upserts }, { principal: text }));
        const records = await store.records(0, 10);
        expect(records.map(({ correlationId }) => correlationId)[0]).toBe(text);
        expect(records.map(({ principal }) => principal).slice(1)).toEqual([text, text]);
        expect((await store.load()).rows).toEqual(rows);
        for (const [id, reason] of [
          ['o1', text],
          ['o2', text],
          ['o3', null],
        ] as const)
          expect((await queries.get('orders', id))?.reason).toBe(reason);
      });

      queriesConformance(() => ({ store, queries, writer }));
    });

    describe('of the place', () => {
      beforeEach(async () => {
        place = await places.make();
        await begin(place.open());
      });
      afterEach(async () => {
        await store.close();
        await place.remove();
      });

      test('a new place has an empty journal of its world, and each writer an epoch of its own', async () => {
        const head = await store.takeEpoch();
        expect(head).toEqual({ sequence: 0, hash: GENESIS_HASH, epoch: 2, world: WORLD });
      });

      test('another world is refused by name', async () => {
        await store.close();
        const other = place.open();
        await expect(other.store.open('live')).rejects.toThrow(/simulated:1.*live/);
        await other.store.close();
      });

      test('a second writer is refused with the name of the first', async () => {
        const second = place.open();
        await expect(second.store.open(WORLD)).rejects.toThrow(/in use by .*(pid|writer) \d+/);
        await second.store.close();
      });

      test('what was acknowledged is there after a kill, and the journal goes on', async () => {
        const group = writer.next(['{"kept":1}'], {
          upserts: [upsertOrder(orderRow('o1'))],
          opened: [{ sequence: 1, agent: 'orders' }],
        });
        await store.commit(group);
        await place.kill(instance);
        await begin(place.open());
        expect(await store.records(0, 10)).toEqual(group.records);
        expect(await queries.get('orders', 'o1')).toEqual(orderRow('o1'));
        expect((await store.load()).effects).toEqual([{ sequence: 1, agent: 'orders' }]);
        await store.commit(writer.next(['{"next":2}']));
        expect((await store.records(1, 10)).map(({ sequence }) => sequence)).toEqual([2]);
      });

      test('a dead writer can commit no more', async () => {
        const late = writer.next(['{}']);
        const dead = store;
        await place.kill(instance);
        await begin(place.open());
        await expect(dead.commit(late)).rejects.toMatchObject({ name: 'CommitError' });
        expect(await store.records(0, 10)).toEqual([]);
      });
    });
  });
}
