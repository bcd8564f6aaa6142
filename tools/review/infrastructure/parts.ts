import { isDeepStrictEqual } from "node:util";
import type { FindingKind } from "../../../model/config/review/kinds";
import type { Finding } from "../finding";
import {
  change,
  type Difference,
  differenceLine,
  differences,
  type JsonObject,
  own,
  pathText,
  startsWith,
  valuesAt,
} from "./differences";
import type { Effect } from "./effect";
import { policyChange } from "./policies";
import { NOTHING, readPolicy } from "./policy-document";

/** What a change of a part of a stack means, by where in it: the first row that fits. */
interface PartRow {
  /** Keys on the way there; `*` is any. */
  readonly path: string;
  readonly kind: FindingKind;
  readonly says: string;
  /** This value makes it no worse, but better. @default none does */
  readonly safe?: { readonly value: unknown; readonly kind: FindingKind };
  /** What it is instead when the thing it is in is new, or gone. @default the same */
  readonly come?: FindingKind;
  readonly gone?: FindingKind;
}

/** Data sources that this project reads; of others nobody here knows what they do, and some run programs. */
const DATA_SOURCES = [
  "aws_caller_identity",
  "aws_cloudcontrolapi_resource",
  "aws_db_instance",
  "aws_db_subnet_group",
  "aws_eks_cluster",
  "aws_iam_openid_connect_provider",
  "aws_iam_role",
  "aws_iam_session_context",
  "aws_rds_cluster",
  "aws_security_group",
  "aws_ssm_parameter",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_endpoint_service",
];

const EMPTY_STATE = "Terraform may find an empty state there, and make everything a second time";
const ELSEWHERE = "Terraform works on something else, or as somebody else";
const TLS = "Terraform's own connection is verified otherwise, or not";
const REFERENCES = "whatever refers to it has another value: policies, trust, connections";
const verified = (value: unknown) => ({ value, kind: "encryption-strengthened" as const });

/** Everything in a stack's JSON that is no resource. What no row fits is unexplained. */
const PARTS: readonly PartRow[] = [
  row("terraform.backend.*.encrypt", "encryption-weakened", "the state is kept as it is", verified(true)),
  row("terraform.backend.*.use_lockfile", "protection-off", "two applies at a time may spoil the state", {
    value: true,
    kind: "protection-on",
  }),
  row("terraform.backend", "state-moved", EMPTY_STATE),
  row("terraform.required_providers.*.version", "resource-changed", "other versions of a provider are taken"),
  row(
    "terraform.required_providers",
    "code-changed",
    "Terraform runs another provider's code, with its credentials",
  ),
  row("terraform.required_version", "resource-changed", "other versions of Terraform are taken"),
  row("provider.aws.default_tags", "resource-changed", "every resource of the stack has other tags"),
  row("provider.postgresql.sslmode", "encryption-weakened", TLS, verified("verify-full")),
  row("provider.postgresql.sslrootcert", "encryption-weakened", TLS),
  row("provider.postgresql.connect_timeout", "resource-changed", "it waits for another time"),
  row("provider.kubernetes.cluster_ca_certificate", "encryption-weakened", TLS),
  row("provider.kubernetes.insecure", "encryption-weakened", TLS, verified(false)),
  row("provider.aws", "state-moved", ELSEWHERE),
  row("provider.postgresql", "state-moved", ELSEWHERE),
  row("provider.kubernetes", "state-moved", ELSEWHERE),
  row("ephemeral.aws_secretsmanager_secret_version", "state-moved", "Terraform logs in with another secret"),
  harmlessAlone("data.terraform_remote_state", "state-moved", "it reads what another state holds"),
  harmlessAlone(
    "data.aws_iam_policy_document",
    "policy-widened",
    "the policies that are made of it are others",
  ),
  harmlessAlone(
    "data.aws_eks_addon_version",
    "resource-changed",
    "another version of the add-on is the newest",
  ),
  ...DATA_SOURCES.flatMap((type) => [
    {
      ...row(
        `data.${type}.*.lifecycle`,
        "protection-off",
        "what is checked before an apply is another thing",
      ),
      come: "protection-on" as const,
    },
    harmlessAlone(`data.${type}`, "reference-changed", REFERENCES),
  ]),
  harmlessAlone("locals", "reference-changed", REFERENCES),
  harmlessAlone("output.*.sensitive", "resource-changed", "whether Terraform hides it on the screen changes"),
  harmlessAlone("output", "reference-changed", "other stacks that refer to it have another value"),
];

/** Parts of a stack that compareStacks reads itself. `//` is what cdktf notes for people and for itself. */
const READ_ELSEWHERE = ["//", "resource", "moved", "removed", "import"];

/** What changes in a stack besides its resources. */
export function compareParts(stack: string, before: JsonObject, after: JsonObject): Finding[] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return parts
    .filter((part) => !READ_ELSEWHERE.includes(part))
    .flatMap((part) => groups(differences(own(before, part), own(after, part), [part]), before, after))
    .map((group) => finding(stack, group, before, after));
}

/** What differs of one thing in a stack, such as an output, and means the same. */
interface Group {
  /** Where the thing is: `output.<name>`, `data.<type>.<name>`, `provider.<name>`. */
  readonly at: readonly string[];
  readonly meaning: Meaning;
  readonly changes: Difference[];
}

function groups(changes: readonly Difference[], before: JsonObject, after: JsonObject): Group[] {
  const found = new Map<string, Group>();
  for (const each of changes.filter(({ path }) => !isNote(path))) {
    const deep = each.path[0] === "data" || each.path[0] === "ephemeral" ? 3 : 2;
    const at = each.path.slice(0, deep);
    const [isNew, isGone] = [before, after].map((side) => valuesAt(side, at).length === 0);
    const meaning = meaningOf(rowFor(each.path), each, isNew === true, isGone === true);
    const id = JSON.stringify([at, meaning]);
    const group = found.get(id) ?? { at, meaning, changes: [] };
    group.changes.push(each);
    found.set(id, group);
  }
  return [...found.values()];
}

function finding(
  stack: string,
  { at, meaning, changes }: Group,
  before: JsonObject,
  after: JsonObject,
): Finding {
  const policy = at[0] === "locals" ? policyOf(valuesAt(before, at)[0], valuesAt(after, at)[0]) : undefined;
  const { kind, says } = policy ?? meaning;
  const what = changes.map(({ path, before: from, after: to }) => {
    const within = path.slice(at.length).map((each) => pathText([each]));
    return [...(within.length > 0 ? [within.join(".")] : []), change(from, to, 40)].join(" ");
  });
  const subject = `${stack} ${pathText(at)}`;
  return {
    kind,
    subject,
    text: [subject, ...(policy ? [] : [what.join(", ")]), ...(says ? [says] : [])].join(": "),
    details: policy?.details ?? changes.map(differenceLine),
    content: changes.map(({ path, before: from, after: to }) => [path, from ?? null, to ?? null]),
  };
}

/** A policy that is kept under a name, and what becomes of it. */
function policyOf(before: unknown, after: unknown): Effect | undefined {
  if (!readPolicy(before) && !readPolicy(after)) return undefined;
  const found = policyChange(before ?? NOTHING, after ?? NOTHING);
  return { ...found, says: `the policy ${found.says}` };
}

/** What a difference means. */
interface Meaning {
  readonly kind: FindingKind;
  readonly says?: string;
}

function meaningOf(row: PartRow, { path, after }: Difference, isNew: boolean, isGone: boolean): Meaning {
  const { kind, says, safe, come = kind, gone = kind } = row;
  if (isNew || isGone) {
    const alone = isNew ? come : gone;
    return alone === kind ? { kind, says } : { kind: alone };
  }
  if (safe && isDeepStrictEqual(after, safe.value)) return { kind: safe.kind };
  // Of what a stack publishes, only what another one asks for is referred to.
  const [part, name = ""] = path;
  if (part === "output" && !name.startsWith("cross-stack-output-")) return { kind: "wiring-changed" };
  return { kind, says };
}

/** What cdktf notes beside a data source. */
function isNote(path: readonly string[]): boolean {
  return path[0] === "data" && path[3] === "//";
}

const UNKNOWN: PartRow = {
  path: "",
  kind: "unexplained",
  says: "a part of a stack that this review does not know",
};

function rowFor(path: readonly string[]): PartRow {
  return (
    PARTS.find(({ path: pattern }) => {
      const keys = pattern.split(".");
      return startsWith(
        path,
        keys.map((key, index) => (key === "*" ? (path[index] ?? key) : key)),
      );
    }) ?? UNKNOWN
  );
}

/** What does nothing by being there, or not: only whoever refers to it says what follows. */
function harmlessAlone(path: string, kind: FindingKind, says: string): PartRow {
  return { path, kind, says, come: "wiring-changed", gone: "wiring-changed" };
}

function row(path: string, kind: FindingKind, says: string, safe?: PartRow["safe"]): PartRow {
  return { path, kind, says, ...(safe && { safe }) };
}
