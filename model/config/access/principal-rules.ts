import { quote } from "../../../lib/nearest";
import { iamRoleName } from "../../aws/names";
import { principalProblem } from "../../aws/principals";
import type { Problem } from "../problem";
import { listedArns, type PlacedArn } from "../rule";
import type { EnvironmentFile } from "../schema";
import { declaredIdentities } from "./identities";

/** People whom nobody can be, or who should not be let in. */
export function peopleProblems(file: EnvironmentFile): Problem[] {
  return Object.entries(file.access.people).flatMap(([key, { principals }]) =>
    listedArns(["access", "people", key, "principals"], principals).flatMap((each) => problems(file, each)),
  );
}

/** Those who administer the EKS cluster, likewise. */
export function administratorProblems(file: EnvironmentFile): Problem[] {
  const administrators = file.cluster.administrators ?? [];
  return listedArns(["cluster", "administrators"], administrators).flatMap((each) => problems(file, each));
}

function problems(file: EnvironmentFile, { arn, path }: PlacedArn): Problem[] {
  const reason = principalProblem(arn);
  if (reason !== undefined) return [{ path, message: `${reason}, got: ${quote(arn)}` }];
  return [...ownRoleProblems(file, arn, path), ...otherAccountProblems(file, arn, path)];
}

/** A role that this file makes is not there yet when it is named, and one identity must not become another. */
function ownRoleProblems(
  { name, account, access }: EnvironmentFile,
  arn: string,
  path: readonly PropertyKey[],
): Problem[] {
  const own = declaredIdentities(access).find(({ key }) =>
    arn.endsWith(`::${account}:role/${iamRoleName(name, key)}`),
  );
  if (!own) return [];
  const message = `this is the IAM role of the ${own.kind} ${quote(own.key)}, which this file makes; name a role or user of people`;
  return [{ path, message }];
}

function otherAccountProblems(
  { account }: EnvironmentFile,
  arn: string,
  path: readonly PropertyKey[],
): Problem[] {
  const theirs = arn.split(":")[4] ?? "";
  if (theirs === account) return [];
  const message = `${quote(arn)} is of another account, ${theirs}: whoever administers that account decides who this is; name a role of ${account} if that is not meant`;
  return [{ path, message, warning: "principal-of-another-account" }];
}
