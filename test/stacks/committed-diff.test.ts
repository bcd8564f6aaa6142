import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { loadEnvironments } from "../../model/config/load";
import { writableChanges, writeCommitted } from "../../stacks/committed-files";
import { testFile } from "../helpers/environment";
import { run } from "../helpers/run";

const folder = mkdtempSync(join(tmpdir(), "committed-diff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) => run("git", args, { cwd: folder }).stdout;
const write = (text: string) => {
  writeFileSync(join(folder, "dev.yaml"), `${text}review: { folder: review }\n`);
  writeCommitted(writableChanges(loadEnvironments(folder)));
};

test("to let a service write to a schema is one changed row of who can do what, and few lines in all", () => {
  const dev = testFile("dev");
  write(dev);
  git("init", "--quiet");
  git("add", "--all");
  write(dev.replace("shop.billing: read-only }", "shop.billing: read-write }"));
  expect(git("diff", "--numstat")).toBe(
    [
      "1\t1\tdev.yaml",
      "2\t2\treview/dev/access-plan.json",
      "2\t2\treview/dev/access.md",
      "3\t3\treview/dev/shop.sql\n",
    ].join("\n"),
  );
  expect(git("diff", "--unified=0", "--", "review/dev/access.md").split("\n").slice(4)).toEqual([
    expect.stringMatching(/^@@ /),
    "-| orders-api | read-only | read-write |",
    "+| orders-api | read-write | read-write |",
    expect.stringMatching(/^@@ /),
    "-| `shop.orders` | orders-migrations | read-only on `billing`, as on-call, orders-api |",
    "+| `shop.orders` | orders-migrations | read-write on `billing`, as orders-api<br>read-only on `billing`, as on-call |",
    "",
  ]);
});
