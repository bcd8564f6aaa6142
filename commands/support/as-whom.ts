import { UserError } from "../../lib/user-error";
import type { Endpoint } from "../../model/access/connection";
import { accessPlan } from "../../model/access/plan";
import type { Environment } from "../../model/config/environment";
import { awsCli } from "../../tools/deployed/aws-cli";
import { runningLaptops } from "../../tools/laptop/running";
import { openTunnel } from "../../tools/tunnel/tunnel";
import type { AsArguments } from "./as-arguments";
import { oneEnvironment, oneOrUsualEnvironment } from "./environments";
import { ownLaptop } from "./own-laptop";
import { namesOf, noSuchIdentity, type WayIn, wayInBy, wayInToAws, wayInToLaptop } from "./way-in";

/** Somebody who logs in, for one command. */
export interface AsWhom extends Pick<WayIn, "databaseUser" | "database" | "until"> {
  /** Where that is, as the end of a sentence. */
  readonly where: string;
  readonly endpoint: Endpoint;
  /** Certificates to verify it by, PEM. @default it is a port of this machine, without TLS */
  readonly ca?: string;
  /** What a program has, but for the password; without PGSSLROOTCERT where there is no file with `ca` yet. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** For one login within 15 minutes; of a port of this machine for each until `end`. */
  password(): Promise<string>;
  end(): Promise<void>;
}

/** A way in, and what has to end after it. */
interface Found {
  readonly wayIn: WayIn;
  readonly where: string;
  /** @default it is a laptop's */
  readonly deployed?: Environment;
  end(): Promise<void>;
}

const NOTHING = async (): Promise<void> => undefined;

/**
 * As an identity on AWS, on a laptop that runs, or on one for just this.
 * @param env this process's variables, by which the AWS SDK signs on a laptop
 * @param say gets what takes a while
 */
export async function asWhom(
  given: AsArguments,
  env: NodeJS.ProcessEnv,
  usage: string,
  say: (line: string) => void,
): Promise<AsWhom> {
  const found = await find(given, env, usage, say);
  try {
    return await reached(found, given, say);
  } catch (error) {
    await found.end();
    throw error;
  }
}

async function find(
  { identity, env: onAws, laptop }: AsArguments,
  env: NodeJS.ProcessEnv,
  usage: string,
  say: (line: string) => void,
): Promise<Found> {
  if (onAws !== undefined) {
    const deployed = oneEnvironment([onAws], usage);
    const wayIn = await wayInToAws(deployed, identity, awsCli(new AbortController().signal));
    return { wayIn, where: `${deployed.name} on AWS`, deployed, end: NOTHING };
  }
  const which = { project: process.cwd(), ...(laptop !== undefined && { environment: laptop }) };
  const [running] = runningLaptops(which.project, laptop);
  if (running) {
    const wayIn = wayInToLaptop(identity, env, which);
    return { wayIn, where: `the laptop of ${running.environment}`, end: NOTHING };
  }
  const environment = oneOrUsualEnvironment(laptop === undefined ? [] : [laptop], usage);
  const { name } = environment;
  const names = namesOf(accessPlan(environment));
  if (!names.includes(identity)) throw noSuchIdentity(identity, name, names);
  say(`no laptop of ${name} runs (npm start): one for just this command starts; what it holds goes with it`);
  const own = await ownLaptop(environment);
  const end = () => own.stop();
  try {
    const signIns = await own.signInFiles();
    const wayIn = wayInBy(() => signIns.get(identity)?.variables ?? {}, env);
    return { wayIn, where: `a laptop of ${name} for just this`, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The endpoint that is meant, straight or through the bastion. */
async function reached(
  { wayIn, where, deployed, end }: Found,
  given: AsArguments,
  log: (line: string) => void,
): Promise<AsWhom> {
  const { endpoint, variables } = wanted(wayIn, given);
  if (!given.tunnel || !deployed) {
    return { ...wayIn, where, endpoint, variables, password: () => wayIn.token(endpoint), end };
  }
  const { ca, reader: _, ...login } = wayIn;
  const tunnel = await openTunnel(deployed, {
    login: { ...login, ca, endpoint, name: given.identity },
    timeoutMs: 60_000,
    log,
    // Its sessions end with this process, however that ends.
    cancelled: new AbortController().signal,
  });
  const ofAws = Object.entries(variables).filter(([name]) => name.startsWith("AWS_"));
  const { PGPASSWORD: secret = "", ...through } = tunnel.variables(Object.fromEntries(ofAws));
  return {
    ...login,
    where: `${where}, through its bastion`,
    endpoint: { host: String(through.PGHOST), port: Number(through.PGPORT) },
    variables: through,
    password: async () => secret,
    end: async () => {
      await tunnel.close();
      await end();
    },
  };
}

function wanted(wayIn: WayIn, { identity, readers }: AsArguments): Pick<WayIn, "endpoint" | "variables"> {
  if (!readers) return wayIn;
  const { endpoint, reader, variables } = wayIn;
  if (!reader) {
    throw new UserError([
      `${identity} connects to ${endpoint.host} and has no other endpoint for readers; leave out --readers`,
    ]);
  }
  const { PGHOST_READER: _, ...others } = variables;
  return { endpoint: reader, variables: { ...others, PGHOST: reader.host, PGPORT: String(reader.port) } };
}
