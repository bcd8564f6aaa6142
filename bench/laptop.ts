import { randomUUID } from "node:crypto";
import { Client } from "pg";
import type { Table } from "../lib/table";
import { loadEnvironments } from "../model/config/load";
import { readStack, synthesise } from "../stacks/synthesise";
import { type BoardServices, type Laptop, startLaptop } from "../tools/laptop/laptop";
import { startServer } from "../tools/postgres/embedded-server";
import { median } from "./measure";
import type { Workload } from "./workloads";

const LOGINS = 400;
const ROUND_TRIPS = 4_000;
const REQUESTS = 2_000;
/** Clients that work at the same time. */
const CONCURRENCY = 8;

/** Opens a session; its counterpart opens one of the same kind another way. */
type Connect = () => Promise<Client>;

/**
 * What the gateway costs beside a direct connection over TLS with a password (SCRAM), and what the message board serves.
 * Everything, clients included, runs on this machine at once: the differences tell more than the numbers.
 * @param folder for what is synthesised
 */
export async function laptopCosts({ file }: Workload, folder: string): Promise<Table> {
  const [environment] = loadEnvironments(file);
  if (!environment?.demo) throw new Error(`${file} has no demo`);
  const { demo } = environment;
  const accessStack = readStack(synthesise([environment], { outdir: folder }), `${environment.name}-access`);
  const laptop = await startLaptop(environment, accessStack, () => undefined);
  const direct = await startServer();
  try {
    const byGateway = await laptop.logInAs(demo.service);
    const byPassword: Connect = async () => {
      const client = new Client(direct.clientConfig());
      await client.connect();
      return client;
    };
    const rows: string[][] = [];
    const compare = (what: string, unit: string, own: readonly number[], other: readonly number[]) =>
      rows.push([what, `${median(own).toFixed(1)} ${unit}`, `${median(other).toFixed(1)} ${unit}`]);

    // Turn and turn about, so that a busy moment of the machine falls on both.
    const [rates, trips] = [pair(), pair()];
    for (let round = 0; round < 5; round++) {
      rates.own.push(await loginsPerSecond(byGateway));
      rates.other.push(await loginsPerSecond(byPassword));
      trips.own.push(await roundTrip(byGateway));
      trips.other.push(await roundTrip(byPassword));
    }
    compare("new connections", "/s", rates.own, rates.other);
    compare("a query's round trip", "µs", trips.own, trips.other);
    return {
      header: ["on this machine", "through the gateway", "direct, password"],
      rows: [...rows, ...(await boardRows(laptop, demo))],
    };
  } finally {
    await direct.stop();
    await laptop.stop();
  }
}

function pair(): { readonly own: number[]; readonly other: number[] } {
  return { own: [], other: [] };
}

async function loginsPerSecond(connect: Connect): Promise<number> {
  return perSecond(LOGINS, async () => (await connect()).end());
}

/** Microseconds that the smallest query takes on an open connection. */
async function roundTrip(connect: Connect): Promise<number> {
  const client = await connect();
  const begin = performance.now();
  for (let number = 0; number < ROUND_TRIPS; number++) await client.query("SELECT 1");
  const taken = performance.now() - begin;
  await client.end();
  return (taken * 1000) / ROUND_TRIPS;
}

async function boardRows(laptop: Laptop, demo: BoardServices): Promise<string[][]> {
  const board = await laptop.serveBoard(demo, { port: "0", log: () => undefined });
  try {
    const read = () => request(board.url);
    const write = () =>
      request(`${board.url}/messages`, {
        method: "POST",
        redirect: "manual",
        headers: { Origin: board.url },
        body: new URLSearchParams({ nonce: randomUUID(), text: "A message of the benchmark" }),
      });
    for (const warmUp of [write, read]) await perSecond(100, warmUp);
    const row = (what: string, rate: number) => [
      `message board: ${what}`,
      `${rate.toFixed(0)} requests/s`,
      "",
    ];
    return [
      row("GET /", await perSecond(REQUESTS, read)),
      row("POST /messages", await perSecond(REQUESTS, write)),
    ];
  } finally {
    await board.stop();
  }
}

async function request(url: string, options?: RequestInit): Promise<void> {
  const response = await fetch(url, options);
  await response.arrayBuffer();
  if (response.status >= 400) throw new Error(`${url} answered ${response.status}`);
}

/** Does something so many times, several at once, and says how often in a second. */
async function perSecond(times: number, run: () => Promise<void>): Promise<number> {
  let left = times;
  const worker = async () => {
    while (left-- > 0) await run();
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return (times * 1000) / (performance.now() - begin);
}
