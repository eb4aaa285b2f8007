/**
 * During a simulated run nobody may ask the real world: ambient time, randomness and timers throw and name the caller. The real
 * ones come back afterwards, whatever happened.
 */
const REAL = {
  Date: globalThis.Date,
  random: Math.random,
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  randomUUID: globalThis.crypto.randomUUID,
};

/** Somebody has asked the real world. */
export class AmbientError extends Error {
  constructor(
    readonly what: string,
    caller: string,
  ) {
    super(`Invariant: ${what} in a simulated run, called ${caller}`);
  }
}

function forbidden(what: string): never {
  const caller = new Error().stack?.split('\n')[3]?.trim() ?? 'somebody';
  throw new AmbientError(what, caller);
}

/** A `new Date` of a time that is given only formats it and stays allowed. */
const GuardedDate = new Proxy(REAL.Date, {
  construct(target, args: unknown[]) {
    if (args.length === 0) forbidden('new Date()');
    return Reflect.construct(target, args) as Date;
  },
  apply: () => forbidden('Date()'),
  get: (target, name) => (name === 'now' ? () => forbidden('Date.now()') : Reflect.get(target, name)),
});

function put(
  date: typeof Date,
  random: () => number,
  timeout: typeof setTimeout,
  interval: typeof setInterval,
  uuid: typeof REAL.randomUUID,
): void {
  globalThis.Date = date;
  Math.random = random;
  globalThis.setTimeout = timeout;
  globalThis.setInterval = interval;
  globalThis.crypto.randomUUID = uuid;
}

let depth = 0;

export async function withoutAmbient<T>(run: () => Promise<T>): Promise<T> {
  depth += 1;
  put(
    GuardedDate as typeof Date,
    () => forbidden('Math.random()'),
    (() => forbidden('setTimeout()')) as unknown as typeof setTimeout,
    (() => forbidden('setInterval()')) as unknown as typeof setInterval,
    () => forbidden('randomUUID()'),
  );
  try {
    return await run();
  } finally {
    depth -= 1;
    if (depth === 0) put(REAL.Date, REAL.random, REAL.setTimeout, REAL.setInterval, REAL.randomUUID);
  }
}
