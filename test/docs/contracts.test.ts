import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";
import { ROOT } from "../helpers/run";
import { page } from "./pages";

test("docs/architecture.md names the outputs of every stack, and no others", () => {
  const { text } = page("docs/architecture.md");
  const rows = [...text.matchAll(/^\| `<env>-(\w+)` \| (.*) \|$/gm)].map(([, layer = "", cells = ""]) => [
    layer,
    [...cells.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort(),
  ]);
  // Some are there only where a ServiceAccount is made elsewhere, a service runs outside of EKS, or the database has a proxy.
  const elsewhere =
    "    batch: { runsOn: ec2, grants: { shop.orders: read-only } }\n    orders-api:\n      serviceAccount: { existing: orders-api }\n";
  const proxied = "  readers: 1\n  proxy: { readerEndpoint: true }\n";
  const dev = parse(
    [
      testFile("dev").replace("    orders-api:\n", elsewhere).replace("  readers: 0\n", proxied),
      'verify: { schedule: "0 5 * * *", image: verify:1.0.0, namespace: shop }\n',
    ].join("\n"),
  );
  // Those that only other stacks read are cdktf's own, and are called so.
  const published = [...synthApp(dev)].map(([id, { output = {} }]) => [
    id.replace("dev-", ""),
    Object.keys(output)
      .filter((name) => !name.startsWith("cross-stack-output-"))
      .sort(),
  ]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(published));
});

test("the addresses that docs/deploying.md moves in the state are those of the database stack", () => {
  const [, ...named] = page("docs/deploying.md").text.match(/terraform state rm (\S+) (\S+)$/m) ?? [];
  expect(named).toHaveLength(2);
  const dev = readFileSync(join(ROOT, "test/environments/dev.yaml"), "utf8");
  const stack = stackOf(synthApp(parse(dev)), "dev-database");
  expect(addresses(stack)).toEqual(expect.arrayContaining(named));
});
