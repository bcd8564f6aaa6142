import type { Client } from "pg";
import { type LoginPath, startLoginPaths } from "../tools/laptop/login-paths";
import { median, percentile } from "./measure";
import { CONCURRENCY, perSecond } from "./per-second";
import { alignedTable } from "./report";

const ROUNDS = 5;
/** In a round, by clients that work at the same time. */
const LOGINS = 400;
/** In a round, one after the other. */
const SINGLE_LOGINS = 100;
/** Before the first round. */
const WARM_UP = 100;
const QUERIES = 2_000;

/** What no machine without AWS can tell; it is printed below the numbers. */
const NOT_MEASURED = `Clients, gateway, proxy and PostgreSQL share this machine: differences tell more than numbers. Not measured here: how many new
tokens RDS takes in a second, what its own check of one takes, and the network, which the way through the proxy crosses twice.`;

/** What one way took, in each round. */
interface Taken {
  readonly path: LoginPath;
  readonly rates: number[];
  /** Milliseconds of each login that had the machine to itself. */
  readonly logins: number[];
  /** Microseconds of each query. */
  readonly queries: number[];
}

/**
 * New logins a second, and what a login and a query take: to PostgreSQL itself, to the gateway with a token for each
 * login and with one for all, and through what plays the proxy.
 */
export async function loginTable(): Promise<string> {
  const { paths, stop } = await startLoginPaths();
  try {
    const all = paths.map((path): Taken => ({ path, rates: [], logins: [], queries: [] }));
    for (const { path } of all) await perSecond(WARM_UP, () => endOf(path.connect()));
    // Turn and turn about, so that a busy moment of the machine falls on all of them.
    for (let round = 0; round < ROUNDS; round++) {
      for (const taken of all) await measureRound(taken);
    }
    return `${tableOf(all)}\n${NOT_MEASURED}`;
  } finally {
    await stop();
  }
}

async function measureRound({ path, rates, logins, queries }: Taken): Promise<void> {
  rates.push(await perSecond(LOGINS, () => endOf(path.connect())));
  for (let login = 0; login < SINGLE_LOGINS; login++) {
    const begin = performance.now();
    const client = await path.connect();
    logins.push(performance.now() - begin);
    await client.end();
  }
  const client = await path.connect();
  for (let query = 0; query < QUERIES; query++) {
    const begin = performance.now();
    await client.query("SELECT 1");
    queries.push((performance.now() - begin) * 1000);
  }
  await client.end();
}

async function endOf(connecting: Promise<Client>): Promise<void> {
  await (await connecting).end();
}

function tableOf(all: readonly Taken[]): string {
  const logins = WARM_UP + ROUNDS * (LOGINS + SINGLE_LOGINS + 1);
  const [first] = all;
  const row = (title: string, cell: (taken: Taken) => string) => [title, ...all.map(cell)];
  const added = (figure: (taken: Taken) => number, unit: string) => (taken: Taken) =>
    first === undefined || taken === first ? "" : `${(figure(taken) - figure(first)).toFixed(1)} ${unit}`;
  const timed = (what: string, unit: string, digits: number, values: (taken: Taken) => readonly number[]) => {
    const at = (part: number) => (taken: Taken) => percentile(values(taken), part);
    return [
      row(`${what}, p50`, (taken) => `${at(0.5)(taken).toFixed(digits)} ${unit}`),
      row(`${what}, p95`, (taken) => `${at(0.95)(taken).toFixed(digits)} ${unit}`),
      row("  added to the first, p50", added(at(0.5), unit)),
      row("  added to the first, p95", added(at(0.95), unit)),
    ];
  };
  return alignedTable(
    1,
    ["", ...all.map(({ path }) => path.title)],
    [
      row(`new logins a second, ${CONCURRENCY} clients`, ({ rates }) => median(rates).toFixed(0)),
      ...timed("a login", "ms", 1, (taken) => taken.logins),
      ...timed("a query", "µs", 0, (taken) => taken.queries),
      row(
        `new tokens at the database in ${logins} logins`,
        ({ path }) => path.newTokens?.().toString() ?? "",
      ),
    ],
  );
}
