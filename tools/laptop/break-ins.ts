import { shellWord } from "../../lib/shell";
import { iamRoleArn } from "../../model/access/iam";
import { type IdentityPlan, loginsOf } from "../../model/access/identity";
import { ownLogin } from "./own-login";
import type { PasswordlessPath } from "./passwordless-path";
import { hasEnded } from "./proof/actor";
import { outcomeOf } from "./proof/check";
import { sampleTable } from "./sample-table";
import { connect, logIn, token } from "./sign-in";
import { takeRole } from "./take-role";

/** A way in that nobody has, for a person to try. */
export interface BreakIn {
  /** A command for a shell. */
  readonly command: string;
  /** What whoever tries it gets to hear, as it was heard: a line. */
  readonly refusal: string;
  /** False when it was not refused, or failed for another reason: something is wrong. */
  readonly refused: boolean;
}

/** What is to be tried: as a command, and here. */
interface Recipe {
  readonly command: string;
  attempt(): Promise<unknown>;
}

/** Finds somebody in the plan for whom there is something to try. */
type Find = (path: PasswordlessPath, identities: readonly IdentityPlan[]) => Recipe | undefined;

/** How many are shown. */
const SHOWN = 3;

/**
 * Tries what must not work, in ways that differ as far as the plan has them: a schema without a grant, another's database
 * user, another's IAM role, and then what every plan has.
 */
export async function breakIns(path: PasswordlessPath): Promise<readonly BreakIn[]> {
  // What people run is seldom a migration.
  const able = path.plan.identities
    .filter((identity) => !hasEnded(identity, path.now()))
    .sort((left, right) => Number(owns(left)) - Number(owns(right)));
  const recipes = [readAnothersSchema, beAnotherUser, takeAnothersRole, writeWhereOneReads, makeARole]
    .flatMap((find) => find(path, able) ?? [])
    .slice(0, SHOWN);
  return Promise.all(
    recipes.map(async ({ command, attempt }) => {
      let refusal = "it was not refused";
      const outcome = await outcomeOf(async () => {
        try {
          await attempt();
        } catch (error) {
          refusal = saidOf(error);
          throw error;
        }
      });
      return { command, refusal, refused: outcome === "denied" };
    }),
  );
}

function owns({ sessionRole }: IdentityPlan): boolean {
  return sessionRole !== undefined;
}

const readAnothersSchema: Find = (path, identities) => {
  for (const identity of identities) {
    const database = path.plan.databases.find(({ name }) => name === identity.database);
    const other = database?.schemas.find(
      ({ name, managed }) =>
        managed &&
        !identity.grants.some((grant) => grant.database === database.name && grant.schema === name),
    );
    if (other) return statement(path, identity, `SELECT * FROM ${sampleTable(other.name)}`);
  }
  return undefined;
};

const writeWhereOneReads: Find = (path, identities) => {
  for (const identity of identities) {
    const grant = identity.grants.find(
      ({ database, level }) => database === identity.database && level === "read-only",
    );
    if (grant && identity.endpoint === undefined) {
      return statement(path, identity, `DELETE FROM ${sampleTable(grant.schema)}`);
    }
  }
  return undefined;
};

const makeARole: Find = (path, [identity]) =>
  identity && statement(path, identity, "CREATE ROLE one_more LOGIN");

const beAnotherUser: Find = (path, [identity, ...others]) => {
  const other = others.find(({ iamRole }) => iamRole !== identity?.iamRole);
  if (!identity || !other) return undefined;
  const [{ databaseUser: user }] = loginsOf(other);
  return {
    command: as(identity, `psql -U ${user}`),
    attempt: async () => {
      const own = await ownLogin(path, identity);
      const password = await token(path, own);
      return (await connect({ ...own, user }, { password, ssl: { ca: path.ca } })).end();
    },
  };
};

/** By its ServiceAccount's token, which the example client takes to STS by itself. */
const takeAnothersRole: Find = (path, identities) => {
  const byToken = identities.filter((each) => each.kind === "service" && each.takesRoleBy === undefined);
  const [identity, other] = byToken;
  if (!identity || !other) return undefined;
  return {
    command: as(
      identity,
      `env AWS_ROLE_ARN=${iamRoleArn(path.plan, other)} node examples/clients/node/connect.mjs`,
    ),
    attempt: () => takeRole(path, identity, other),
  };
};

function statement(path: PasswordlessPath, identity: IdentityPlan, sql: string): Recipe {
  return {
    command: as(identity, `psql -c ${shellWord(sql)}`),
    attempt: async () => {
      const client = await logIn(path, await ownLogin(path, identity));
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    },
  };
}

function as(identity: IdentityPlan, command: string): string {
  const [{ databaseUser, member }] = loginsOf(identity);
  return `npm run as -- ${member === undefined ? identity.key : databaseUser} ${command}`;
}

/** As psql says it, or the AWS SDK. */
function saidOf(error: unknown): string {
  const { severity, name, message } = Object(error);
  return typeof severity === "string" ? `${severity}:  ${message}` : `${name}: ${message}`;
}
