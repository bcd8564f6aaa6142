import { markdownCode as code, markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { unreachable } from "../../lib/unreachable";
import { metricNamespace } from "../aws/metrics";
import { untilInWords } from "../config/access/until";
import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { type IdentityPlan, loginsOf, type PeopleIdentity } from "./identity";
import { takersOf, titleOf } from "./kinds-in-words";
import { settingsInWords } from "./limits";
import type { AccessPlan } from "./plan";
import type { ReportSection } from "./report-section";

/** Which IAM role each identity has, who may take it, and as whom it may connect. */
export function identitySection(plan: AccessPlan): ReportSection {
  const suffixes = LEVEL_NAMES.map((level) => code(`_${LEVELS[level].suffix}`)).join(", ");
  const head = [
    "Whoever takes an IAM role may log in to this database cluster as its one database user (`rds-db:connect`), and may do nothing else by it. The database user holds its privileges by group roles,",
    `${code("<database>_<schema>")} with ${suffixes} after it.`,
    plan.permissionsBoundary === undefined
      ? "The IAM roles have no permissions boundary."
      : `The IAM roles have the permissions boundary ${code(inAccount(plan, plan.permissionsBoundary))}.`,
    "What is named without an account is of this one.",
    ...takenByPods(plan),
    ...(plan.identities.some(({ kind }) => kind === "role")
      ? [
          "One that exists already stays as it is, and may do what else it may: who may take it, and its boundary, are not decided here.",
        ]
      : []),
    ...(plan.identities.some(({ through }) => through === "proxy")
      ? [
          "What connects through the RDS Proxy may do so there, and to the database cluster itself only for the readers, where that is said.",
        ]
      : []),
    ...plan.identities.flatMap((identity) =>
      identity.kind === "service" && identity.verifies
        ? [
            `The IAM role of ${identity.key} may also put metrics into the CloudWatch namespace ${code(metricNamespace(plan.environment))}.`,
          ]
        : [],
    ),
    ...(plan.identities.some((identity) => "members" in identity)
      ? ["Members of a group of people are a database user of their own each, and may log in as no other."]
      : []),
  ].join(" ");
  const withSettings = plan.identities.some((identity) => settingsInWords(identity).length > 0);
  const table = (identities: readonly IdentityPlan[]) =>
    markdownTable({
      header: [
        ...["identity", "IAM role", "may be taken by", "database user", "at once"],
        ...(withSettings ? ["its sessions"] : []),
      ],
      rows: identities.map((identity) => [
        titleOf(identity),
        identity.iamRole,
        mayTakeRole(plan, identity).join("<br>"),
        [
          ...loginsOf(identity).map(({ databaseUser, member }) =>
            member === undefined ? databaseUser : `${code(member)}: ${databaseUser}`,
          ),
          ...(identity.through === "proxy"
            ? [`through the proxy${identity.readsDirectly ? ", to the readers without it" : ""}`]
            : []),
          ...(identity.endpoint === "reader" ? ["through the readers"] : []),
        ].join("<br>"),
        "members" in identity ? `${identity.connectionLimit} each` : String(identity.connectionLimit),
        ...(withSettings
          ? [
              settingsInWords(identity)
                .map((setting) => setting.join(" "))
                .join("<br>"),
            ]
          : []),
      ]),
    });
  const special = plan.identities.filter(
    (identity) => identity.kind !== "service" || identity.serviceAccount !== identity.key,
  );
  const others = plan.identities.length - special.length;
  return {
    heading: "IAM roles",
    full: `${head}\n\n${table(plan.identities)}`,
    short: () =>
      [
        head,
        `Not listed are ${others} services whose IAM role may be taken by the ServiceAccount of the service's own name in its namespace; their names follow from the service's, as below, and all are in \`access-plan.json\`, beside this file.`,
        table(special),
      ].join("\n\n"),
  };
}

/** How pods take the roles of services, where that is not by the tokens of their ServiceAccounts alone. */
function takenByPods({ eksCluster, identities }: AccessPlan): string[] {
  if (eksCluster === undefined) return [];
  const tokens = identities.some((each) => each.kind === "service" && each.takesRoleBy === "both");
  const ways = `by Pod Identity on the EKS cluster ${eksCluster}${tokens ? ", or by the token of their ServiceAccount (IRSA)" : ""}`;
  return [`Pods of a ServiceAccount take its IAM role ${ways}.`];
}

/** Who may take an identity's IAM role, in words, with names as code. */
export function mayTakeRole(plan: AccessPlan, identity: IdentityPlan): string[] {
  switch (identity.kind) {
    case "service":
      return [`ServiceAccount ${identity.namespace}/${identity.serviceAccount}`];
    case "workload":
      return [takersOf(identity)];
    case "role":
      return ["whoever its own trust policy lets"];
    case "principals":
      return [
        ...identity.principals.map((arn) => principal(plan, arn)),
        ...(identity.externalId === undefined ? [] : [`with the external id ${code(identity.externalId)}`]),
      ];
    case "people":
      return [...identity.principals.map((arn) => principal(plan, arn)), ...conditions(identity)];
    default:
      return unreachable(identity);
  }
}

/** A principal; one of another account that the file names has the account's name beside it. */
function principal(plan: AccessPlan, arn: string): string {
  const account = plan.accounts?.find(({ id }) => id === arn.split(":")[4]);
  return [code(inAccount(plan, arn)), ...(account ? [`of ${account.name}`] : [])].join(" ");
}

/** The account is said once; what is of another account stands out. */
function inAccount({ partition, account }: AccessPlan, arn: string): string {
  const own = `arn:${partition}:iam::${account}:`;
  return arn.startsWith(own) ? arn.slice(own.length) : arn;
}

function conditions({ requireMfa, requireSourceIdentity, until, reason }: PeopleIdentity): string[] {
  return [
    ...(requireMfa ? ["with MFA"] : []),
    ...(requireSourceIdentity ? ["with a source identity"] : []),
    ...(until === undefined ? [] : [untilInWords(until)]),
    ...(reason === undefined ? [] : [`why: ${markdownText(reason)}`]),
  ];
}
