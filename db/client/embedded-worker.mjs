/**
 * The thread in which the embedded database lives, so that it never blocks the product. Plain JavaScript, because a worker thread
 * starts from a file of its own, from source and from a bundle alike. A unit of work is one message; messages are served in order.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const { directory, template } = workerData;

const started = PGlite.create({
  dataDir: directory,
  ...(template ? { loadDataDir: new Blob([readFileSync(template)]) } : {}),
});

const run = async (connection, { sql, params }) => (await connection.query(sql, params, { rowMode: 'array' })).rows;

const operations = {
  start: () => undefined,
  query: (database, { statement }) => run(database, statement),
  async commit(database, { statements }) {
    if (statements.length === 1) await run(database, statements[0]);
    else {
      await database.transaction(async (transaction) => {
        for (const statement of statements) await run(transaction, statement);
      });
    }
  },
  async dump(database, { path }) {
    writeFileSync(path, Buffer.from(await (await database.dumpDataDir('gzip')).arrayBuffer()));
  },
  close: (database) => database.close(),
};

/** A full disk ends as an error without words. */
const wordsOf = ({ message, name, errno }) => message || `the database's files could not be written (${name} ${errno})`;

async function serve(request) {
  try {
    const database = await started;
    parentPort.postMessage({ id: request.id, rows: await operations[request.operation](database, request) });
  } catch (error) {
    parentPort.postMessage({
      id: request.id,
      failure: { message: wordsOf(error), code: error.code, severity: error.severity },
    });
  }
}

let last = Promise.resolve();
parentPort.on('message', (request) => {
  last = last.then(() => serve(request));
});
