import { createServer } from "node:net";
import { beforeAll, expect, test } from "@jest/globals";
import { type Certificate, createAuthority, issueCertificate } from "../../../lib/certificates";
import { listenOnLoopback } from "../../../lib/loopback";
import { ENDPOINT_NAMES, startAt } from "../../../tools/laptop/endpoints";
import { startGateway } from "../../../tools/laptop/gateway/gateway";
import { DATABASE, TestIam } from "./gateway/fixture";

let certificate: Certificate;
beforeAll(async () => {
  certificate = await issueCertificate(await createAuthority(), ENDPOINT_NAMES);
});

/** Nobody logs in, so there is no server behind. */
const start = (port: number) =>
  startAt("127.0.0.2", port, (place) =>
    startGateway({
      certificate,
      database: DATABASE,
      iam: new TestIam(),
      log: () => undefined,
      upstream: { socketFolder: "/nowhere", port: 1 },
      ...place,
    }),
  );

test("readers have a host of their own at the writer's port, and another port where they cannot have that", async () => {
  const writer = await listenOnLoopback(createServer());
  const readers = await start(writer.port);
  // Not every machine has a second address.
  if (process.platform === "linux") {
    expect([readers.host, readers.port]).toEqual(["127.0.0.2", writer.port]);
  }
  const elsewhere = await start(writer.port);
  expect(elsewhere.host).toBe("127.0.0.1");
  expect(elsewhere.port).not.toBe(writer.port);
  await Promise.all([readers.stop(), elsewhere.stop(), writer.close()]);
});
