/** What every implementation of the port holds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SPOOLS_MAX, type TickFile, type TickFiles } from '../../market/import/tick-files.ts';

async function textOf(file: TickFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.bytes()) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** `open` gives files below whose folder `day/nq.txt` holds `ticks`; without a folder when asked so. */
export function describeTickFiles(name: string, open: (withFolder: boolean) => Promise<TickFiles>): void {
  describe(`tick files: ${name}`, () => {
    let files: TickFiles;
    let closed: TickFiles;
    beforeAll(async () => {
      files = await open(true);
      closed = await open(false);
    });
    const opened: TickFile[] = [];
    afterAll(() => Promise.all(opened.map((file) => file.close())));

    test('what is brought is read as often as wanted, and is nothing before its first byte', async () => {
      const spool = (await files.spool())!;
      expect(await textOf(spool)).toBe('');
      await spool.write(Buffer.from('one '));
      await spool.write(Buffer.from('two'));
      expect([spool.sizeBytes, await textOf(spool), await textOf(spool)]).toEqual([7, 'one two', 'one two']);
      await spool.close();
      await spool.close();
      await expect(spool.write(Buffer.from('late'))).rejects.toThrow();
    });

    test('who reads only its beginning takes nothing from who reads it next, and closing stays the only end', async () => {
      const spool = (await files.spool())!;
      const junk = Buffer.alloc(700_000, 'junk\n');
      await spool.write(junk);
      for (let round = 0; round < 3; round += 1) {
        for await (const piece of spool.bytes()) {
          expect(piece.length).toBeGreaterThan(0);
          break;
        }
        expect((await textOf(spool)).length).toBe(junk.length);
      }
      await spool.write(junk.subarray(0, 5));
      expect((await textOf(spool)).slice(-5)).toBe('junk\n');
      await spool.close();
    });

    test('only so many are brought at once; a closed one makes room', async () => {
      const spools = await Promise.all(Array.from({ length: SPOOLS_MAX }, () => files.spool()));
      expect(await files.spool()).toBeUndefined();
      await spools[0]?.close();
      const again = await files.spool();
      expect(again).toBeDefined();
      await Promise.all([again, ...spools].map((spool) => spool?.close()));
    });

    test('a named file is read from below the folder only', async () => {
      const found = await files.open('day/nq.txt');
      if (found.outcome !== 'opened') throw new Error(found.outcome);
      opened.push(found.file);
      expect([found.file.sizeBytes, await textOf(found.file), await textOf(found.file)]).toEqual([5, 'ticks', 'ticks']);
      expect(await files.open('day/es.txt')).toEqual({ outcome: 'not-found' });
      for (const path of ['../outside.txt', 'day/../../outside.txt', '/etc/passwd'])
        expect(await files.open(path)).toEqual({ outcome: 'not-allowed' });
      expect(await closed.open('day/nq.txt')).toEqual({ outcome: 'not-allowed' });
    });
  });
}
