import { randomUUID } from "node:crypto";
import type { Table } from "../lib/table";
import { loadEnvironments } from "../model/config/load";
import { readStack, synthesise } from "../stacks/synthesise";
import { startLaptop } from "../tools/laptop/laptop";
import { perSecond } from "./per-second";
import type { Workload } from "./workloads";

const REQUESTS = 2_000;

/**
 * What the message board serves on the laptop. Everything, clients included, runs on this machine at once.
 * @param folder for what is synthesised
 */
export async function boardRates({ file }: Workload, folder: string): Promise<Table> {
  const [environment] = loadEnvironments(file);
  if (!environment?.demo) throw new Error(`${file} has no demo`);
  const synthesised = synthesise([environment], { outdir: folder });
  const stack = (layer: string) => readStack(synthesised, `${environment.name}-${layer}`);
  const laptop = await startLaptop(environment, stack, () => undefined);
  try {
    const board = await laptop.serveBoard(environment.demo, { port: "0", log: () => undefined });
    try {
      return { header: ["message board", "requests/s"], rows: await rows(board.url) };
    } finally {
      await board.stop();
    }
  } finally {
    await laptop.stop();
  }
}

async function rows(url: string): Promise<string[][]> {
  const read = () => request(url);
  const write = () =>
    request(`${url}/messages`, {
      method: "POST",
      redirect: "manual",
      headers: { Origin: url },
      body: new URLSearchParams({ nonce: randomUUID(), text: "A message of the benchmark" }),
    });
  for (const warmUp of [write, read]) await perSecond(100, warmUp);
  const row = async (what: string, act: () => Promise<void>) => [
    what,
    (await perSecond(REQUESTS, act)).toFixed(0),
  ];
  return [await row("GET /", read), await row("POST /messages", write)];
}

async function request(url: string, options?: RequestInit): Promise<void> {
  const response = await fetch(url, options);
  await response.arrayBuffer();
  if (response.status >= 400) throw new Error(`${url} answered ${response.status}`);
}
