import type { Client } from "pg";
import type { Endpoints } from "../../model/access/connection";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { hasReaderEndpoint } from "../../model/config/database/reader-endpoint";
import type { Environment } from "../../model/config/environment";
import { type BreakIn, breakIns } from "./break-ins";
import { ownLogin } from "./own-login";
import { type PathOptions, type ReadLayer, startPath } from "./passwordless-path";
import { type Proof, proofOf } from "./proof/proof";
import { prove } from "./proof/prove";
import { type BoardProcess, migrateBoard, serveBoard } from "./run-board";
import { announce } from "./running";
import { logIn } from "./sign-in";
import { type SignInFiles, writeSignInFiles } from "./sign-in-files";

export { ENDED } from "./proof/proof";
export type { BreakIn, SignInFiles };

/** The message board to serve: the services that the key `demo` of an environment names. */
export interface BoardServices {
  readonly service: string;
  readonly migrations: string;
}

/** How the message board is served. */
export interface BoardOptions {
  /** TCP port; 0 for any free one. */
  readonly port: string;
  /** Gets each line it writes. */
  readonly log: (line: string) => void;
}

/** The passwordless path of one environment on this machine. Should this process end before it is stopped, all of it ends too. */
export interface Laptop {
  readonly plan: AccessPlan;
  /** Extensions of the file that this machine's PostgreSQL does not carry, each with why. */
  readonly leftOut: readonly string[];
  /** Where clients log in, as to the cluster's writer and readers on RDS. */
  readonly endpoints: Endpoints;
  /** Address of the token service, for AWS_ENDPOINT_URL_STS. */
  readonly stsUrl: string;
  /** Major version of PostgreSQL. */
  readonly postgresVersion: number;
  /**
   * Tries, as every identity of the plan, what it may do and what it may not.
   * @param proven called for each identity or member that is done, with how many are and how many there are
   */
  prove(proven?: (done: number, all: number) => void): Promise<Proof>;
  /** Tries some of what must not work, for people to try it as well. */
  breakIns(): Promise<readonly BreakIn[]>;
  /** What each identity signs in and connects with, by its key; made once. */
  signInFiles(): Promise<ReadonlyMap<string, SignInFiles>>;
  /**
   * Lets other processes of this user find it (`runningLaptops`), and what identities sign in with, from now on.
   * @param project folder of the project that started it
   */
  announce(project: string): Promise<void>;
  /**
   * Migrates and serves the message board.
   * @throws UserError when it does not start, such as when the port is taken
   */
  serveBoard(services: BoardServices, options: BoardOptions): Promise<BoardProcess>;
  /**
   * Takes the IAM role of an identity, as it does on AWS.
   * @param key of the identity
   * @returns opens a session in its database, with a token of its own each time
   */
  logInAs(key: string): Promise<() => Promise<Client>>;
  stop(): Promise<void>;
}

/**
 * Starts a database prepared like RDS with the environment's access plan in place, the gateway, the token service and the
 * OIDC issuer. Who may log in is decided by the IAM roles and policies of the synthesised stacks.
 * @param log gets a line for each refusal, without tokens
 */
export async function startLaptop(
  environment: Environment,
  stack: ReadLayer,
  log: (line: string) => void,
  options: Omit<PathOptions, "readers"> = {},
): Promise<Laptop> {
  const path = await startPath(accessPlan(environment), stack, log, {
    ...options,
    readers: hasReaderEndpoint(environment.database),
  });
  const { plan, leftOut } = path;
  let written: Promise<ReadonlyMap<string, SignInFiles>> | undefined;
  const signInFiles = () => {
    written ??= writeSignInFiles(path, () => tell());
    return written;
  };
  let tell = (): void => undefined;
  return {
    plan,
    leftOut,
    endpoints: path.endpoints,
    stsUrl: path.stsUrl,
    postgresVersion: path.postgresVersion,
    prove: async (proven) => proofOf(plan, await prove(path, proven), path.now()),
    breakIns: () => breakIns(path),
    signInFiles,
    announce: async (project) => {
      const files = await signInFiles();
      tell = () => {
        const identities = Object.fromEntries(files);
        announce(path.folder, { project, environment: plan.environment, identities });
      };
      tell();
    },
    serveBoard: async ({ service, migrations }, { port, log: boardLog }) => {
      const files = await signInFiles();
      await migrateBoard(known(files.get(migrations), migrations).variables);
      return serveBoard(known(files.get(service), service).variables, port, boardLog);
    },
    logInAs: async (key) => {
      const identity = known(
        plan.identities.find((each) => each.key === key),
        key,
      );
      const login = await ownLogin(path, identity);
      return () => logIn(path, login);
    },
    stop: () => path.stop(),
  };
}

function known<Found>(found: Found | undefined, key: string): Found {
  if (found === undefined) throw new Error(`the plan has no identity ${key}`);
  return found;
}
