/** A new, empty database on a test's own server. */
import postgres from 'postgres';

let databases = 0;

export async function emptyPostgres(url: string): Promise<string> {
  databases += 1;
  const name = `place_${databases}`;
  const sql = postgres(url, { max: 1 });
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
}
