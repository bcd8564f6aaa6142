import { quote } from "../../../lib/nearest";
import { connectStatement, MAX_TRUST_POLICY, peopleTrust } from "../../aws/people-policies";
import { type PolicyStatement, policyDocument } from "../../aws/policy-document";
import { partitionOf } from "../../aws/regions";
import { memberUser } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { endOf } from "./until";

/** Groups of people with members: what keeps each of them from being told apart, in PostgreSQL and in IAM. */
export function memberProblems(file: EnvironmentFile): Problem[] {
  return Object.entries(file.access.people).flatMap(([key, group]) => {
    if (group.members === undefined) return [];
    const until = group.until === undefined ? undefined : endOf(group.until);
    const members = { ...group, members: group.members, until };
    return [
      ...group.members.flatMap((member, index) => localPartProblems(key, member, index)),
      ...group.principals.flatMap((principal, index) => userProblems(key, principal, index)),
      ...sizeProblems(file, key, members),
    ];
  });
}

/** With its end as policies say it. */
type Group = EnvironmentFile["access"]["people"][string] & {
  readonly members: readonly string[];
  readonly until: string | undefined;
};

function localPartProblems(key: string, member: string, index: number): Problem[] {
  const local = memberUser(key, member).slice(memberUser(key, "").length);
  if (/[a-z0-9]/.test(local)) return [];
  const message = `${quote(member)} has no letter or digit before its @ to name the database user after; use another session name`;
  return [{ path: ["access", "people", key, "members", index], message }];
}

/** `aws:userid` is `AROA…:<session name>` in a session of a role, and without a name where an IAM user asks. */
function userProblems(key: string, principal: string, index: number): Problem[] {
  if (!/^[^/]*:user\//.test(principal)) return [];
  const message =
    "an IAM user is one person already, and what it does has no session name that a member could have; give it a group of its own without members, or let it take a role first and name that role";
  return [{ path: ["access", "people", key, "principals", index], message }];
}

/** The longest id that a database cluster or instance has: it is known only when the cluster is there. */
const RESOURCE_ID = `cluster-${"A".repeat(26)}`;

/**
 * What IAM stores of a policy, white space not counted. An account can have a higher quota for trust policies, and none for
 * inline policies; members can always be put into two groups.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
const POLICIES = [
  {
    name: "policy",
    most: 10_240,
    quota: "",
    of: (file: EnvironmentFile, key: string, { members, until }: Group) =>
      members.map((member) =>
        connectStatement(
          { ...file, partition: partitionOf(file.region) },
          { databaseResourceId: RESOURCE_ID, databaseUser: memberUser(key, member), member, until },
        ),
      ),
  },
  {
    name: "trust policy",
    most: MAX_TRUST_POLICY,
    quota: " unless the account has a higher quota",
    of: (_: EnvironmentFile, __: string, group: Group) => peopleTrust(group),
  },
] as const;

function sizeProblems(file: EnvironmentFile, key: string, group: Group): Problem[] {
  const { members } = group;
  return POLICIES.flatMap(({ name, most, quota, of }): Problem[] => {
    const size = (count: number) => characters(of(file, key, { ...group, members: members.slice(0, count) }));
    let fitting = members.length;
    while (fitting > 0 && size(fitting) > most) fitting--;
    if (fitting === members.length) return [];
    const tooMany =
      fitting === 0
        ? `with one member the ${name} of the IAM role has ${size(1)} characters, and IAM allows ${most}${quota}: its ${group.principals.length} principals are too many; put some into a second group`
        : `with ${members.length} members the ${name} of the IAM role has ${size(members.length)} characters, and IAM allows ${most}${quota}: ${members.length - fitting} too many; put them into a second group`;
    return [{ path: ["access", "people", key, "members"], onKey: true, message: tooMany }];
  });
}

function characters(statements: readonly PolicyStatement[]): number {
  return JSON.stringify(policyDocument(...statements)).length;
}
