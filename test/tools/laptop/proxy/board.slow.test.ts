import { expect, test } from "@jest/globals";
import { startLaptop } from "../../../../tools/laptop/laptop";
import { layersOf } from "../../../helpers/app";
import { parse, testFile } from "../../../helpers/environment";

test("the message board is served through the proxy, and its migrations go past it", async () => {
  const environment = parse(testFile("dev").replace("\ndatabase:\n", "\ndatabase:\n  proxy: {}\n"));
  const { demo } = environment;
  if (!demo) throw new Error("dev.yaml has no demo");
  const laptop = await startLaptop(environment, layersOf(environment), () => undefined);
  try {
    const files = await laptop.signInFiles();
    const { proxy, writer } = laptop.endpoints;
    expect(files.get(demo.service)?.variables).toMatchObject({ PGHOST: proxy?.writer.host });
    expect(files.get(demo.migrations)?.variables).toMatchObject({ PGHOST: writer.host });
    const board = await laptop.serveBoard(demo, { port: "0", log: () => undefined });
    const text = "written through the proxy";
    const written = await fetch(`${board.url}/messages`, {
      method: "POST",
      redirect: "manual",
      headers: { Origin: board.url },
      body: new URLSearchParams({ nonce: crypto.randomUUID(), text }),
    });
    expect(written.status).toBeLessThan(400);
    expect(await (await fetch(board.url)).text()).toContain(text);
    await board.stop();
  } finally {
    await laptop.stop();
  }
}, 120_000);
