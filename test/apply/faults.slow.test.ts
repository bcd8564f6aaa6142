import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { testUnless } from "../helpers/skip";
import { Deployed } from "./helpers/deployed";
import { missing, succeeded } from "./helpers/local-deployment";
import { type Moto, startMoto } from "./helpers/moto";
import { makeStateBucket, STATE_BUCKET, stateBucketEnv } from "./helpers/state-bucket";
import { TerraformWorkspace } from "./helpers/terraform";

// Of two minutes on an idle machine nearly all is waiting; on a busy one any step may be slow.
jest.setTimeout(600_000);
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8");
const withBucket = yaml.replace("tags:", `backend: { bucket: ${STATE_BUCKET}, region: eu-west-1 }\ntags:`);
const NETWORK = "dev-network";
/** From now on a network is half there: the provider waits at least ten more seconds for its KMS key. */
const HALFWAY = /aws_vpc\.\S+: Creation complete/;

describe("what a user sees when a deployment goes wrong", () => {
  let moto: Moto;
  let deployed: Deployed;
  const workspaces: TerraformWorkspace[] = [];

  beforeAll(async () => {
    if (missing) return;
    moto = await startMoto();
    deployed = new Deployed(moto.url);
  });
  afterAll(async () => {
    deployed?.close();
    for (const workspace of workspaces) workspace.remove();
    await moto?.stop();
  });

  /** A stack of an environment file, in an account with nothing in it. */
  const fresh = async (file: string, stack: string): Promise<TerraformWorkspace> => {
    await moto.reset();
    await makeStateBucket(moto);
    const workspace = new TerraformWorkspace({ ...moto.env, ...stateBucketEnv(moto) });
    workspaces.push(workspace);
    workspace.synth(file);
    succeeded(await workspace.init(stack));
    return workspace;
  };
  /** What a run says that has to fail, on one line. */
  const failure = async (run: ReturnType<TerraformWorkspace["run"]>): Promise<string> => {
    const { status, text } = await run;
    expect(status).toBe(1);
    return text.replace(/\s+/g, " ");
  };
  const noChanges = async (workspace: TerraformWorkspace) =>
    expect(await workspace.plan(NETWORK)).toMatchObject({ status: 0 });

  testUnless(missing, "credentials of another account are refused before anything is made", async () => {
    const workspace = await fresh(
      yaml.replace('account: "123456789012"', 'account: "210987654321"'),
      NETWORK,
    );
    expect(await failure(workspace.apply(NETWORK))).toContain("AWS account ID not allowed: 123456789012");
    expect(await deployed.vpcs()).toEqual([]);
  });

  testUnless(missing, "a stack whose producer is not deployed names it, and makes nothing", async () => {
    const workspace = await fresh(yaml, "dev-database");
    const said = await failure(workspace.apply("dev-database"));
    expect(said).toContain("Unable to find remote state");
    expect(said).toContain("data.terraform_remote_state.cross-stack-reference-input-dev-network");
    expect(said).toContain("No stored state was found");
    expect((await deployed.databases()).clusters).toEqual([]);
  });

  testUnless(
    missing,
    "while one apply runs, a second is told who holds the lock; Ctrl-C loses nothing, and an old plan is refused",
    async () => {
      const workspace = await fresh(withBucket, NETWORK);
      const first = workspace.start(NETWORK, "apply", "-input=false", "-auto-approve");
      await first.said(HALFWAY);
      const second = await failure(workspace.run(NETWORK, "apply", "-input=false", "-auto-approve"));
      expect(second).toContain("Error acquiring the state lock");
      expect(second).toMatch(/Operation: OperationTypeApply Who: \S+@\S+ Version: \S+ Created: \d{4}-/);

      first.interrupt();
      expect(await failure(first.ended)).toContain("Interrupt received. Please wait for Terraform to exit");
      expect(await deployed.vpcs()).toHaveLength(1);
      await workspace.run(NETWORK, "plan", "-input=false", "-out=old");
      succeeded(await workspace.apply(NETWORK));
      expect(await deployed.vpcs()).toHaveLength(1);
      expect(await deployed.natGateways()).toHaveLength(1);
      await noChanges(workspace);

      const old = await failure(workspace.apply(NETWORK, "old"));
      expect(old).toContain("Saved plan is stale");
    },
  );

  testUnless(
    missing,
    "with local state, an apply that was killed goes on where it was: only what was being made then is in no state",
    async () => {
      const workspace = await fresh(yaml, NETWORK);
      const killed = workspace.start(NETWORK, "apply", "-input=false", "-auto-approve");
      await killed.said(HALFWAY);
      await killed.quiet();
      killed.kill();
      const unfinished = beingMade((await killed.ended).text);
      // The lock of a local state ends with its process. What AWS does not allow twice is in the way now, such as a route.
      const { text } = await workspace.apply(NETWORK);
      const inTheWay = [...text.matchAll(/^ +with (\S+),$/gm)].map(([, address]) => address);
      expect(unfinished).toEqual(expect.arrayContaining(inTheWay));
      expect(text).toContain(inTheWay.length > 0 ? "already exists" : "Apply complete!");
      expect(await deployed.vpcs()).toHaveLength(1);
    },
  );

  testUnless(
    missing,
    "with state in S3, an apply that was killed leaves its lock, and what it made in its last 20 seconds is in no state",
    async () => {
      const workspace = await fresh(withBucket, NETWORK);
      const killed = workspace.start(NETWORK, "apply", "-input=false", "-auto-approve");
      await killed.said(HALFWAY);
      await killed.said(/aws_iam_role\.\S+: Creation complete/);
      killed.kill();
      await killed.ended;
      const locked = await failure(workspace.run(NETWORK, "apply", "-input=false", "-auto-approve"));
      expect(locked).toContain("Error acquiring the state lock");
      const [, lockId = ""] = /Lock Info: ID: (\S+)/.exec(locked) ?? [];
      succeeded(await workspace.run(NETWORK, "force-unlock", "-force", lockId));

      // Terraform writes state to a remote backend every 20 seconds and at the end. What has a name of its own says that it
      // is there already; what has none, such as the VPC, is there twice.
      const said = await failure(workspace.apply(NETWORK));
      expect(said).toContain("EntityAlreadyExists: Role with name dev-vpc-flow-logs already exists");
      expect(await deployed.vpcs()).toHaveLength(2);
    },
  );
});

/** Addresses of what a run had started to create and not finished. */
function beingMade(text: string): string[] {
  const addresses = (what: RegExp) => [...text.matchAll(what)].map(([, address = ""]) => address);
  const made = addresses(/^(\S+): Creation complete/gm);
  return addresses(/^(\S+): Creating\.\.\./gm).filter((address) => !made.includes(address));
}
