import { UserError } from "../../lib/user-error";
import { loginsOf } from "../../model/access/identity";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import type { Environment } from "../../model/config/environment";
import { awsCli } from "../../tools/deployed/aws-cli";
import { openWay } from "../../tools/tunnel/tunnel";
import type { DatabaseToVerify } from "../../tools/verify/verify";
import { type WayIn, wayInToAws, wayInToLaptop } from "./way-in";

/** As whom a database is verified, and where it is. */
export interface VerifiedAs {
  /** Name of an identity, as {@link wayInToAws} takes it. */
  readonly name: string;
  /** On AWS by the network, or through the bastion; or on a laptop that runs. */
  readonly by: "network" | "tunnel" | "laptop";
}

/** A database, and the way there. */
export interface OpenDatabase {
  readonly database: DatabaseToVerify;
  /** Ends whatever of the way is this process's own. */
  close(): Promise<void>;
}

/** How long the bastion may take, as for `npm run tunnel`. */
const TUNNEL_MS = 60_000;

/** What of a user's own still holds when somebody else's way in is taken. */
const KEPT = ["PGCONNECT_TIMEOUT", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/**
 * The database of an environment, on AWS or on a laptop that runs, for one identity, which signs a token for each connection.
 * @param log gets a line for whatever happens on the way
 * @throws UserError when there is no such identity, it cannot verify, or there is no way in for it
 */
export async function databaseToVerify(
  environment: Environment,
  { name, by }: VerifiedAs,
  { cancelled, log }: { readonly cancelled: AbortSignal; readonly log: (line: string) => void },
): Promise<OpenDatabase> {
  refuseOthersThanWriter(accessPlan(environment), name);
  const { env } = process;
  const { PGCONNECT_TIMEOUT } = env;
  if (by === "laptop") {
    const way = wayInToLaptop(name, env, { project: process.cwd(), environment: environment.name });
    const advice = "see whether npm start still runs";
    return { database: signedBy(way, { PGCONNECT_TIMEOUT }, { advice }), close: async () => undefined };
  }
  const way = await wayInToAws(environment, name, awsCli(cancelled));
  const state = `that is the endpoint in the state of ${environment.name}-database`;
  if (by === "network") {
    const kept = Object.fromEntries(KEPT.map((variable) => [variable, env[variable]]));
    const advice = `${state}, which only its network reaches: run this there, or with --tunnel`;
    return { database: signedBy(way, kept, { advice }), close: async () => undefined };
  }
  const { connect, close } = await openWay(environment, { cancelled, log, timeoutMs: TUNNEL_MS });
  const advice = `${state}; see what the bastion reaches`;
  const open = () => connect(way.endpoint);
  return { database: signedBy(way, { PGCONNECT_TIMEOUT }, { advice, open }), close };
}

function signedBy(
  way: WayIn,
  kept: DatabaseToVerify["env"],
  reached: Omit<NonNullable<DatabaseToVerify["signed"]>, "token">,
): DatabaseToVerify {
  const { databaseUser, database, endpoint, ca } = way;
  return {
    env: {
      ...kept,
      PGHOST: endpoint.host,
      PGPORT: String(endpoint.port),
      PGUSER: databaseUser,
      PGDATABASE: database,
    },
    caBundle: ca,
    signed: { ...reached, token: async () => way.token() },
  };
}

/** Readers know only their own sessions, and the proxy takes no settings at the start of one. */
function refuseOthersThanWriter({ identities }: AccessPlan, name: string): void {
  const identity = identities.find(
    (each) => each.key === name || loginsOf(each).some(({ databaseUser }) => databaseUser === name),
  );
  const to = identity?.through ?? identity?.endpoint;
  if (to === undefined) return;
  const where = to === "proxy" ? "through the RDS Proxy" : "to the readers";
  throw new UserError([
    `${name} connects ${where}, and only the writer itself knows everybody's sessions and locks; verify as an identity that connects to the writer, such as a group of people without endpoint`,
  ]);
}
