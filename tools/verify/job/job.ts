import { Signer } from "@aws-sdk/rds-signer";
import { errorCode, UserError } from "../../../lib/user-error";
import { PLAN_DIRECTORY, PLAN_FILE } from "../../../model/access/plan-file";
import { VERIFY_METRICS } from "../../../model/aws/metrics";
import { type Signed, serverAddress } from "../../catalog/server-address";
import { verifyDatabase } from "../verify";
import { type Metrics, putMetrics } from "./put-metrics";
import { readPlan } from "./read-plan";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a run is told, and whom it tells. */
export interface JobSurroundings {
  /** Environment variables: those of the service's ConfigMap, and what the AWS SDK finds credentials by. */
  readonly env: Variables;
  /** Reads a text file; throws when it cannot. */
  readonly readFile: (path: string) => string;
  /** Takes a line of the log, its end included. */
  readonly write: (line: string) => void;
}

/** As planned, could not look, drift: what the process ends with. */
export type JobExit = 0 | 1 | 2;

/**
 * One run of the job: it compares the database with the plan that is mounted beside it, writes a line of JSON for each finding
 * and one for the outcome, and puts both into CloudWatch. What it could not put it did not say: that counts as not having looked.
 */
export async function runJob({ env, readFile, write }: JobSurroundings): Promise<JobExit> {
  const log = (event: string, fields: object = {}) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
  const problem = (error: unknown) => log("problem", inWords(error));
  const plan = attempt(
    () => readPlan(readFile(env.ACCESS_PLAN ?? `${PLAN_DIRECTORY}/${PLAN_FILE}`)),
    problem,
  );
  if (plan === undefined) return 1;
  const put = (metrics: Metrics) => putMetrics(plan.environment, env.AWS_REGION, metrics);
  try {
    const signed = byToken(env, readFile);
    const verified = await verifyDatabase(plan, { env, caBundle: "", signed }, new Date());
    const { findings, accepted, noLongerFound, notChecked } = verified;
    for (const finding of findings) log("finding", finding);
    for (const finding of accepted) log("accepted", finding);
    for (const each of noLongerFound) log("accepted and no longer found", each);
    for (const each of notChecked) log("not checked", each);
    await put({ [VERIFY_METRICS.looked]: 1, [VERIFY_METRICS.findings]: findings.length });
    log(findings.length === 0 ? "as planned" : "drift", {
      findings: findings.length,
      accepted: accepted.length,
    });
    return findings.length === 0 ? 0 : 2;
  } catch (error) {
    problem(error);
    await put({ [VERIFY_METRICS.looked]: 0 }).catch(problem);
    log("could not look");
    return 1;
  }
}

/** Signs a token for each connection, with the credentials that the AWS SDK finds. */
function byToken(env: Variables, readFile: (path: string) => string): Signed {
  const { host, port, user } = serverAddress(env, "", readFile);
  const signer = new Signer({ hostname: host, port, username: user, region: env.AWS_REGION });
  return {
    token: () => signer.getAuthToken(),
    advice:
      "the ConfigMap verify-database says where it is and whom to trust, and the NetworkPolicy verify lets pods go there",
  };
}

function attempt<Result>(run: () => Result, failed: (error: unknown) => void): Result | undefined {
  try {
    return run();
  } catch (error) {
    failed(error);
    return undefined;
  }
}

/** An error without its stack: what is wrong, a sentence each, is what whoever reads the log can act on. */
function inWords(error: unknown): object {
  if (error instanceof UserError) return { error: error.messages };
  if (!(error instanceof Error)) return { error: [String(error)] };
  // Node gives no message to a connection that was refused under both of a name's addresses.
  return {
    error: [error.name === "Error" ? error.message : `${error.name}: ${error.message || errorCode(error)}`],
  };
}
