/** A database of this process's own on a given server, gone when the measurement is over. */
import postgres from 'postgres';

export async function withOwnDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `bench_${process.pid}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  try {
    await server.unsafe(`create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await server.unsafe(`drop database if exists ${name} with (force)`);
    await server.end();
  }
}
