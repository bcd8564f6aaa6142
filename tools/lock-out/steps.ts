import { shellWord } from "../../lib/shell";
import { errorCode, UserError } from "../../lib/user-error";
import { type CatalogConnection, using } from "../catalog/read-only";
import { type Aws, checkAccount } from "../deployed/aws-cli";
import { type LockPolicy, noConnection, noOlderSessions } from "./policies";
import { type InRds, questions, readerInstances } from "./servers";
import { endSessions, endSessionsOf, leftovers, setLogin } from "./sessions";
import { named, type Target } from "./target";

/** What steps work with. */
export interface Means {
  readonly aws: Aws;
  /** Connects as the admin: to the database, or to one of its readers. */
  connect(reader?: string): Promise<CatalogConnection>;
}

/** One step. It may be done again, and whether it fails keeps no other from being tried. */
export interface Step {
  readonly title: string;
  /** The same by hand: command lines, or SQL. */
  readonly commands: readonly string[];
  /**
   * @param say what came of it, a line at a time
   * @throws UserError with what did not work
   */
  run(means: Means, say: (line: string) => void): Promise<void>;
}

/** When, and where. */
export interface Circumstances {
  /** The present time, such as 2026-12-02T09:30:00Z. */
  readonly now: string;
  /** The database cluster that may have readers. @default there are none */
  readonly cluster?: InRds;
}

/**
 * Locks an identity out. First what is furthest from the sessions: a policy of IAM takes seconds until it counts everywhere, and
 * new sessions are kept out before the open ones end, since they would be back at once.
 */
export function lockOutSteps(target: Target, { now, cluster }: Circumstances): Step[] {
  const { plan, databaseUsers } = target;
  const users = databaseUsers.join(", ");
  return [
    policyStep(target, "nobody connects by it any more", noConnection(target)),
    policyStep(
      target,
      `its sessions from before ${now} may do nothing any more`,
      noOlderSessions(target, now),
    ),
    loginStep(target, false),
    {
      title: `PostgreSQL: open sessions of ${users} end, with what they were at`,
      commands: [endSessionsOf(databaseUsers)],
      run: async ({ connect }, say) => {
        const count = await using(await connect(), (writer) => endSessions(writer, databaseUsers));
        say(`${count} ended, and none came back`);
      },
    },
    ...(cluster === undefined ? [] : [readersStep(target, cluster)]),
    {
      title: `Look whether ${named(target)} is out`,
      commands: [`npm run verify -- ${plan.environment}`],
      run: async ({ connect }, say) => {
        const left = await using(await connect(), (writer) => leftovers(writer, databaseUsers));
        const problems = [
          ...left.mayLogIn.map(
            (user) => `${user} may log in again: somebody has deployed meanwhile; run this again`,
          ),
          ...left.actingAs.map((who) => `${who}: lock that one out as well, or take the membership away`),
          ...left.prepared.map(
            (what) => `the prepared transaction ${what} keeps its locks; ROLLBACK PREPARED ends it`,
          ),
        ];
        if (problems.length > 0) throw new UserError(problems);
        say("no database user of it may log in, and nobody else acts as one");
      },
    },
  ];
}

/** Lets an identity in again: as its policies and its database users were, with new sessions in AWS. */
export function letInSteps(target: Target): Step[] {
  const { name } = noConnection(target);
  const args = ["iam", "delete-role-policy", ...onRole(target, name)];
  return [
    loginStep(target, true),
    {
      title: `IAM: ${target.identity.iamRole} connects as before`,
      commands: [awsCommand(args)],
      run: async ({ aws }, say) => {
        await checkAccount(aws, inAccount(target));
        try {
          await aws(args);
          say(`the policy ${name} is gone`);
        } catch (error) {
          if (!/NoSuchEntity/.test(String(Object(error).cause))) throw error;
          say(`it had no policy ${name}`);
        }
      },
    },
  ];
}

function policyStep(target: Target, effect: string, { name, document }: LockPolicy): Step {
  const args = [
    "iam",
    "put-role-policy",
    ...onRole(target, name),
    "--policy-document",
    JSON.stringify(document),
  ];
  return {
    title: `IAM: ${target.identity.iamRole}: ${effect}`,
    commands: [awsCommand(args)],
    run: async ({ aws }, say) => {
      await checkAccount(aws, inAccount(target));
      await aws(args);
      say(`the policy ${name} is on the role`);
    },
  };
}

/** Each database user by itself: one that is not there keeps no other. */
function loginStep({ databaseUsers }: Target, may: boolean): Step {
  return {
    title: `PostgreSQL: ${databaseUsers.join(", ")} ${may ? "may log in again" : "may not log in any more"}`,
    commands: databaseUsers.map((user) => setLogin(user, may)),
    run: async ({ connect }, say) =>
      using(await connect(), async (writer) => {
        const problems: string[] = [];
        for (const user of databaseUsers) {
          try {
            await writer.query(setLogin(user, may));
            say(`${user}: done`);
          } catch (error) {
            if (errorCode(error) === "42704") say(`${user}: there is none`);
            else problems.push(`${user}: ${roleProblem(error)}`);
          }
        }
        if (problems.length > 0) throw new UserError(problems);
      }),
  };
}

function roleProblem(error: unknown): string {
  return errorCode(error) === "25006"
    ? "PGHOST is a reader, which changes nothing; set it to the writer's endpoint"
    : problemOf(error);
}

/** Each reader has sessions of its own, which the writer does not see. */
function readersStep({ databaseUsers }: Target, cluster: InRds): Step {
  return {
    title: `The same on each reader of ${cluster.identifier}`,
    commands: [...questions(cluster).map(awsCommand), endSessionsOf(databaseUsers)],
    run: async ({ aws, connect }, say) => {
      const readers = await readerInstances(aws, cluster);
      if (readers.length === 0) say("it has none");
      const problems: string[] = [];
      for (const { name, host } of readers) {
        try {
          const count = await using(await connect(host), (reader) => endSessions(reader, databaseUsers));
          say(`${name}: ${count} ended, and none came back`);
        } catch (error) {
          problems.push(
            `${name}: ${problemOf(error)}; run this inside of the network, or end everybody's sessions there: aws rds reboot-db-instance --db-instance-identifier ${name} --region ${cluster.region}`,
          );
        }
      }
      if (problems.length > 0) throw new UserError(problems);
    },
  };
}

/** What went wrong, whatever it was: a step that fails for a reason that nobody thought of is one that failed. */
export function problemOf(error: unknown): string {
  return error instanceof UserError ? error.messages.join("; ") : String(Object(error).message ?? error);
}

function onRole({ plan, identity }: Target, policy: string): string[] {
  return ["--role-name", identity.iamRole, "--policy-name", policy, "--region", plan.region];
}

function inAccount({ plan: { environment, account, region } }: Target) {
  return { name: environment, account, region };
}

/** A command line that can be copied. */
function awsCommand(args: readonly string[]): string {
  return ["aws", ...args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg : shellWord(arg)))].join(" ");
}
