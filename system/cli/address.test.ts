/** Where the command line looks for the house: what is no address is bad usage, told before anything is asked. */
import { beforeEach, expect, test } from 'vitest';
import { runCli } from './runs/testing.ts';

let asked: string[];
let run: (...args: string[]) => ReturnType<typeof runCli>;
beforeEach(() => {
  asked = [];
  const send = async (url: string) => {
    asked.push(url);
    return Response.json({});
  };
  run = (...args) => runCli(args, { send });
});

test.each(['nonsense', '', 'http://', 'ftp://127.0.0.1', 'http://127.0.0.1:99999', 'http://127.0.0.1/?x'])(
  '--url %j is bad usage, and nobody is asked',
  async (url) => {
    expect(await run('--url', url, 'health')).toMatchObject({
      code: 2,
      output: '',
      notes: expect.stringContaining('It must be an address like http://127.0.0.1:3000.'),
    });
    expect(asked).toEqual([]);
  },
);

test.each(['http://127.0.0.1:4000', 'http://127.0.0.1:4000/', 'HTTP://127.0.0.1:4000'])('%s is asked', async (url) => {
  await run('--url', url, 'health');
  expect(asked.map((one) => new URL(one).href)).toEqual(['http://127.0.0.1:4000/health']);
});
