import { quote } from "../../../lib/nearest";
import { iamRoleName } from "../../aws/names";
import { MAX_TRUST_POLICY, peopleTrust } from "../../aws/people-policies";
import { policyDocument } from "../../aws/policy-document";
import { principalProblem } from "../../aws/principals";
import type { Problem } from "../problem";
import { listedArns, type PlacedArn } from "../rule";
import type { EnvironmentFile } from "../schema";
import { declaredIdentities } from "./identities";
import { ofIdentityCenter } from "./people-rules";

/** Everybody whom a file names as a principal of people, of services, or of those who administer the EKS cluster. */
export function namedPrincipals(file: EnvironmentFile): PlacedArn[] {
  return [
    ...principalsOf(file, "people"),
    ...principalsOf(file, "services"),
    ...listedArns(["cluster", "administrators"], file.cluster.administrators ?? []),
  ];
}

/** The principals of the identities of a section. */
export function principalsOf({ access }: EnvironmentFile, section: "people" | "services"): PlacedArn[] {
  return Object.entries(access[section]).flatMap(([key, { principals = [] }]) =>
    listedArns(["access", section, key, "principals"], principals),
  );
}

/** People whom nobody can be, or who should not be let in. */
export function peopleProblems(file: EnvironmentFile): Problem[] {
  return principalsOf(file, "people").flatMap((each) => problems(file, each, strangerWarning));
}

/** Those who administer the EKS cluster, likewise. */
export function administratorProblems(file: EnvironmentFile): Problem[] {
  const administrators = file.cluster.administrators ?? [];
  return listedArns(["cluster", "administrators"], administrators).flatMap((each) =>
    problems(file, each, strangerWarning),
  );
}

/** The listed principals of services, likewise; and those that are people. */
export function servicePrincipalProblems(file: EnvironmentFile): Problem[] {
  return principalsOf(file, "services").flatMap((each): Problem[] => {
    if (!ofIdentityCenter(each.arn)) return problems(file, each, strangerProblem);
    const message =
      "roles of IAM Identity Center are people's; name this one under access.people, where MFA, members and an end can be asked for";
    return [{ path: each.path, message }];
  });
}

/** Of services with more principals than a trust policy has room for, which only a deployment would tell otherwise. */
export function trustSizeProblems({ access }: EnvironmentFile): Problem[] {
  return Object.entries(access.services).flatMap(([key, { principals, externalId }]): Problem[] => {
    if (principals === undefined) return [];
    const trust = peopleTrust({ principals, ...(externalId !== undefined && { externalId }) });
    const size = JSON.stringify(policyDocument(...trust)).length;
    if (size <= MAX_TRUST_POLICY) return [];
    const message = `the trust policy of the IAM role would have ${size} characters, and IAM allows ${MAX_TRUST_POLICY} unless the account has a higher quota; put some of the principals into a second service, or let them take one role first and name that`;
    return [{ path: ["access", "services", key, "principals"], onKey: true, message }];
  });
}

function problems(
  file: EnvironmentFile,
  { arn, path }: PlacedArn,
  ofStranger: (arn: string, account: string, own: string) => Omit<Problem, "path">,
): Problem[] {
  const reason = principalProblem(arn);
  if (reason !== undefined) return [{ path, message: `${reason}, got: ${quote(arn)}` }];
  const account = arn.split(":")[4] ?? "";
  const isNamed = account === file.account || Object.values(file.access.accounts).includes(account);
  return [
    ...ownRoleProblems(file, arn, path),
    ...(isNamed ? [] : [{ path, ...ofStranger(arn, account, file.account) }]),
  ];
}

/** One identity must not become another; and a role that this file makes is not there yet when it is named. */
function ownRoleProblems(
  { name, account, access }: EnvironmentFile,
  arn: string,
  path: readonly PropertyKey[],
): Problem[] {
  const [, of, role] = /^[^:]*:[^:]*:iam::(\d*):role\/(?:.*\/)?([^/]*)$/.exec(arn) ?? [];
  // IAM takes names that differ in case alone for the same.
  const own = declaredIdentities(access).find(
    ({ key, role: existing }) =>
      of === account && role?.toLowerCase() === (existing ?? iamRoleName(name, key)).toLowerCase(),
  );
  if (!own) return [];
  const which =
    own.role === undefined ? "which this file makes" : "which would make it another identity as well";
  const message = `this is the IAM role of the ${own.kind} ${quote(own.key)}, ${which}; name a role or user of ${path.includes("services") ? "its own" : "people"}`;
  return [{ path, message }];
}

function strangerWarning(arn: string, account: string, own: string): Omit<Problem, "path"> {
  const message = `${quote(arn)} is of another account, ${account}: whoever administers that account decides who this is; name the account under access.accounts if that is meant, or else a role of ${own}`;
  return { message, warning: "principal-of-another-account" };
}

function strangerProblem(arn: string, account: string, own: string): Omit<Problem, "path"> {
  return {
    message: `${quote(arn)} is of another account, ${account}, and whoever administers that account decides who this is; name it under access.accounts, such as ci: ${quote(account)}, or name a role of ${own}`,
  };
}
