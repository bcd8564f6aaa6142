import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { planFile } from "../../../../model/access/plan-file";
import { type PasswordlessPath, startPath } from "../../../../tools/laptop/passwordless-path";
import { writeSignInFiles } from "../../../../tools/laptop/sign-in-files";
import { layersOf } from "../../../helpers/app";
import { MINIMAL, parse } from "../../../helpers/environment";
import { ROOT, run } from "../../../helpers/run";
import { LocalCloudWatch } from "./cloudwatch";

const ENVIRONMENT = parse(`${MINIMAL}verify:
  schedule: "0 5 * * *"
  image: verify:1.0.0
  namespace: shop
  accepted:
    - kind: extra
      topic: grant
      subject: database shop
      detail: PUBLIC has TEMPORARY
      owner: me
      reason: to be seen
      until: 2099-12-31
`);

const folder = mkdtempSync(join(tmpdir(), "verify-job-"));
let path: PasswordlessPath;
let cloudWatch: LocalCloudWatch;
let variables: Record<string, string>;

beforeAll(async () => {
  expect(run(process.execPath, ["image/build.js", "verify", folder], { cwd: ROOT })).toMatchObject({
    status: 0,
  });
  const plan = accessPlan(ENVIRONMENT);
  path = await startPath(plan, layersOf(ENVIRONMENT), () => undefined);
  cloudWatch = await LocalCloudWatch.start();
  const file = join(folder, "access-plan.json");
  writeFileSync(file, planFile(plan));
  variables = {
    ...(await writeSignInFiles(path)).get("verify")?.variables,
    ACCESS_PLAN: file,
    AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.url,
  };
}, 120_000);
afterAll(async () => {
  await path?.stop();
  await cloudWatch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the job as its image has it: one file in a folder, with nothing of this process's environment. */
async function job(changes: Readonly<Record<string, string>> = {}) {
  cloudWatch.puts.length = 0;
  const env = { PATH: process.env.PATH ?? "", NODE_NO_WARNINGS: "1", ...variables, ...changes };
  // Without waiting for it here: the gateway and CloudWatch answer in this process.
  const child = spawn(process.execPath, ["verify.js"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[status], out, errors] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  const log: Record<string, unknown>[] = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const of = (event: string) => log.filter((each) => each.event === event);
  return { status, out, errors, of, last: log.at(-1)?.event, puts: [...cloudWatch.puts] };
}

/** Runs the job while something is otherwise than planned. */
async function jobWhile(change: string, back: string) {
  const superuser = await path.superuser("shop");
  await superuser.query(change);
  try {
    return await job();
  } finally {
    await superuser.query(back);
    await superuser.end();
  }
}

test("a database that is as planned: it says so, puts that it looked and found nothing, and exits 0", async () => {
  const { status, errors, of, last, puts } = await job();
  expect({ status, errors, last }).toEqual({ status: 0, errors: "", last: "as planned" });
  expect([of("finding"), of("problem")]).toEqual([[], []]);
  expect(puts).toEqual([
    {
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIA\w+\/\d+\/eu-west-1\/monitoring\//,
      ),
      namespace: "aurora-passwordless/test",
      metrics: { VerifyLooked: 1, VerifyFindings: 0 },
    },
  ]);
});

test("drift: it writes a line for each finding with what to do, puts how many there are, and exits 2", async () => {
  const { status, of, last, puts } = await jobWhile(
    "CREATE ROLE stranger LOGIN; GRANT shop_orders_rw TO stranger",
    "DROP ROLE stranger",
  );
  expect({ status, last }).toEqual({ status: 2, last: "drift" });
  const found = of("finding");
  expect(found.length).toBeGreaterThan(0);
  expect(found).toContainEqual(
    expect.objectContaining({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      kind: "extra",
      topic: "membership",
      fix: expect.stringContaining("REVOKE"),
    }),
  );
  expect(puts.map(({ metrics }) => metrics)).toEqual([{ VerifyLooked: 1, VerifyFindings: found.length }]);
});

test("a finding that the plan accepts is told and does not count", async () => {
  const { status, of, puts } = await jobWhile(
    "GRANT TEMPORARY ON DATABASE shop TO PUBLIC",
    "REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC",
  );
  expect({ status, findings: of("finding") }).toEqual({ status: 0, findings: [] });
  expect(of("accepted")).toEqual([expect.objectContaining({ detail: "PUBLIC has TEMPORARY" })]);
  expect(puts.map(({ metrics }) => metrics)).toEqual([{ VerifyLooked: 1, VerifyFindings: 0 }]);
});

test.each([
  ["no database", { PGPORT: "1" }, /^nothing listens on .*; the ConfigMap verify-database says where it is/],
  ["no host", { PGHOST: "" }, /^PGHOST is not set/],
  [
    "a host without verified TLS",
    { PGSSLMODE: "require" },
    /^PGSSLMODE=require would not make sure who answers/,
  ],
  ["no certificates", { PGSSLROOTCERT: "/nowhere" }, /^PGSSLROOTCERT: \/nowhere cannot be read/],
  ["another user", { PGUSER: "orders_api" }, /refuses the IAM token of orders_api/],
] as const)(
  "%s: it says why, puts that it could not look and nothing about findings, and exits 1",
  async (_, changes, why) => {
    const { status, of, last, puts, errors } = await job(changes);
    expect({ status, last, errors }).toEqual({ status: 1, last: "could not look", errors: "" });
    expect(of("problem")).toEqual([expect.objectContaining({ error: [expect.stringMatching(why)] })]);
    expect(puts.map(({ metrics }) => metrics)).toEqual([{ VerifyLooked: 0 }]);
  },
);

test("as the role of another service it is let in nowhere, and could not look", async () => {
  const { AWS_ROLE_ARN = "", AWS_WEB_IDENTITY_TOKEN_FILE = "" } =
    (await writeSignInFiles(path)).get("orders-api")?.variables ?? {};
  const { status, last, puts } = await job({ AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE });
  expect({ status, last }).toEqual({ status: 1, last: "could not look" });
  expect(puts.map(({ metrics }) => metrics)).toEqual([{ VerifyLooked: 0 }]);
});

test("without credentials it says so and exits 1: there is nobody to put anything", async () => {
  const { status, of, puts } = await job({ AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere" });
  expect({ status, puts }).toEqual({ status: 1, puts: [] });
  expect(JSON.stringify(of("problem"))).toContain("ENOENT");
});

test("what it could not put it did not say: a CloudWatch that refuses, or is not there, is a run that could not look", async () => {
  cloudWatch.refuses = true;
  const refused = await job();
  cloudWatch.refuses = false;
  expect({ status: refused.status, last: refused.last }).toEqual({ status: 1, last: "could not look" });
  expect(refused.of("problem")[0]).toMatchObject({ error: [expect.stringContaining("not authorized")] });
  const { status, last } = await job({ AWS_ENDPOINT_URL_CLOUDWATCH: "http://127.0.0.1:1" });
  expect({ status, last }).toEqual({ status: 1, last: "could not look" });
});

test.each([
  ["is not there", undefined, /no such file/],
  ["is not JSON", "{", /is not JSON; deploy the verify stack again/],
  ["is of a later version", JSON.stringify({ version: 2 }), /is of another version, or none \(version: /],
  ["is none", "[]", /is of another version, or none/],
])("a plan that %s: it says so and exits 1", async (_, content, why) => {
  const file = join(folder, "other-plan.json");
  if (content !== undefined) writeFileSync(file, content);
  const { status, out, puts } = await job({ ACCESS_PLAN: content === undefined ? "/nowhere" : file });
  expect({ status, puts }).toEqual({ status: 1, puts: [] });
  expect(out).toMatch(why);
});

test("no token and no key is in its log", async () => {
  const { out, errors } = await job({ PGUSER: "orders_api" });
  expect(out + errors).not.toMatch(/X-Amz-|Signature|ASIA|eyJ/);
});
