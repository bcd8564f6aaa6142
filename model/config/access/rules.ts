import { arnRule, optionalArn, type Rule } from "../rule";
import { accountProblems } from "./account-rules";
import { adoptProblems } from "./adopt-rules";
import { collisionProblems, roleNameProblems } from "./collision-rules";
import { databaseProblems } from "./database-rules";
import { endpointProblems } from "./endpoint-rules";
import { extensionProblems } from "./extension-rules";
import { identityProblems } from "./identity-rules";
import { limitProblems } from "./limit-rules";
import { memberProblems } from "./member-rules";
import { namespaceProblems, undeclaredNamespaceProblems } from "./namespace-rules";
import { namingProblems } from "./naming-rules";
import { ownershipProblems } from "./ownership-rules";
import { conditionProblems, endedProblems } from "./people-rules";
import { placeProblems } from "./place-rules";
import {
  administratorProblems,
  peopleProblems,
  principalsOf,
  servicePrincipalProblems,
  trustSizeProblems,
} from "./principal-rules";
import { proxyChoiceProblems } from "./proxy-rules";
import { renameProblems } from "./rename-rules";
import { parameterProblems, roleProblems } from "./role-rules";
import { searchPathProblems } from "./search-path-rules";
import { serviceProblems } from "./service-rules";

/** Rules between the values of `access`, and between it and the environment. */
export const accessRules: readonly Rule[] = [
  { reads: ["access.databases"], check: databaseProblems },
  { reads: ["access.databases"], check: extensionProblems },
  { reads: ["access.databases"], check: identityProblems },
  { reads: ["access", "database.existing", "database.readers"], check: endpointProblems },
  { reads: ["access.services"], check: placeProblems },
  { reads: ["name", "access.services", "access.people", "cluster.addons"], check: roleProblems },
  { reads: ["name", "access.services"], check: parameterProblems },
  { reads: ["access.services", "database.proxy"], check: proxyChoiceProblems },
  { reads: ["access.databases"], check: serviceProblems },
  { reads: ["access.databases", "verify"], check: collisionProblems },
  { reads: ["access.databases", "access.renamed"], check: renameProblems },
  { reads: ["access.databases", "access.renamed", "access.adopted"], check: adoptProblems },
  { reads: ["access.databases", "verify", "database.existing"], check: roleNameProblems },
  { reads: ["access.namespaces"], check: namespaceProblems },
  { reads: ["access.services", "access.namespaces"], check: undeclaredNamespaceProblems },
  { reads: ["access.people"], check: conditionProblems },
  { reads: ["account", "region", "access.people"], check: memberProblems },
  { reads: ["access"], check: searchPathProblems },
  { reads: ["access"], check: limitProblems },
  { reads: ["access.people"], check: endedProblems },
  { reads: ["access.databases"], check: namingProblems },
  { reads: ["access"], check: ownershipProblems },
  { reads: ["account", "access.databases", "access.accounts"], check: peopleProblems },
  { reads: ["account", "access"], check: servicePrincipalProblems },
  { reads: ["access.services"], check: trustSizeProblems },
  { reads: ["account", "cluster.administrators", "access.accounts"], check: administratorProblems },
  { reads: ["account", "access", "cluster.administrators"], check: accountProblems },
  arnRule("access.people", (file) => principalsOf(file, "people")),
  arnRule("access.services", (file) => principalsOf(file, "services")),
  arnRule(
    "access.permissionsBoundary",
    ({ access }) => optionalArn(["access", "permissionsBoundary"], access.permissionsBoundary),
    { account: true },
  ),
];
