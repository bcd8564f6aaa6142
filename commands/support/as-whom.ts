import { accessPlan } from "../../model/access/plan";
import { awsCli } from "../../tools/deployed/aws-cli";
import { runningLaptops } from "../../tools/laptop/running";
import type { AsArguments } from "./as-arguments";
import { forgetCallersIdentity } from "./callers-variables";
import { oneEnvironment, oneOrUsualEnvironment } from "./environments";
import { ownLaptop } from "./own-laptop";
import { namesOf, noSuchIdentity, type WayIn, wayInBy, wayInToAws, wayInToLaptop } from "./way-in";

/** Somebody who is logged in for one command. */
export interface AsWhom {
  readonly wayIn: WayIn;
  /** Where that is, as the end of a sentence. */
  readonly where: string;
  end(): Promise<void>;
}

/**
 * As an identity on AWS, on a laptop that runs, or on one for just this.
 * @param env this process's variables, by which the AWS SDK signs
 * @param say gets what takes a while
 */
export async function asWhom(
  { identity, env: onAws, laptop }: AsArguments,
  env: NodeJS.ProcessEnv,
  usage: string,
  say: (line: string) => void,
): Promise<AsWhom> {
  if (onAws !== undefined) {
    const environment = oneEnvironment([onAws], usage);
    const wayIn = await wayInToAws(environment, identity, awsCli(new AbortController().signal));
    return { wayIn, where: `${environment.name} on AWS`, end: async () => undefined };
  }
  const project = process.cwd();
  const which = { project, ...(laptop !== undefined && { environment: laptop }) };
  const [running] = runningLaptops(project, laptop);
  if (running) {
    const wayIn = wayInToLaptop(identity, env, which);
    return { wayIn, where: `the laptop of ${running.environment}`, end: async () => undefined };
  }
  const environment = oneOrUsualEnvironment(laptop === undefined ? [] : [laptop], usage);
  const { name } = environment;
  const names = namesOf(accessPlan(environment));
  if (!names.includes(identity)) throw noSuchIdentity(identity, name, names);
  say(`no laptop of ${name} runs (npm start): one for just this command starts; what it holds goes with it`);
  // Its parts are in this process, and speak to each other by what they are given.
  forgetCallersIdentity(env);
  const own = await ownLaptop(environment);
  try {
    const signIns = await own.signInFiles();
    const wayIn = wayInBy(() => signIns.get(identity)?.variables ?? {}, env);
    return { wayIn, where: `a laptop of ${name} for just this`, end: () => own.stop() };
  } catch (error) {
    await own.stop();
    throw error;
  }
}
