/** What becomes of a finding, from lenient to strict. */
export const DECISIONS = ["allow", "notify", "approve"] as const;

/** One of {@link DECISIONS}. */
export type Decision = (typeof DECISIONS)[number];

/**
 * Where a change goes. Widened: more access, less protection, or nobody can say. Narrowed: less access or more protection.
 */
export type Effect = "widened" | "narrowed" | "neutral";

/** What a kind of finding means. */
export interface KindDefinition {
  readonly effect: Effect;
  /** What becomes of it unless the environment file says otherwise. */
  readonly decision: Decision;
  /** No file can say otherwise: without it, the review itself could be switched off. @default false */
  readonly always?: true;
  /** What it is about, for the schema and the docs. */
  readonly about: string;
}

/**
 * Everything that a review can find. What it does not know a word for is `unexplained`, and what it cannot read is
 * `not-computed`: nothing that changed is ever silent. To add a kind, add it here and find it in tools/review.
 */
export const FINDING_KINDS = {
  "identity-added": widened("a service or group of people that was not there"),
  "identity-removed": narrowed("a service or group of people that is no longer there"),
  "identity-renamed": neutral(
    "an identity with the same grants under another name: its IAM role and database user are new",
  ),
  "access-gained": widened("what an identity, or PUBLIC, may newly do in a schema"),
  "access-lost": narrowed("what an identity, or PUBLIC, may no longer do in a schema"),
  "borrowed-rights-gained": widened("code that newly runs with the rights of others than its authors"),
  "borrowed-rights-lost": narrowed("code that no longer runs with the rights of others"),
  "trust-widened": widened(
    "who may newly become an identity: another ServiceAccount, principal or member, a condition less",
  ),
  "trust-narrowed": narrowed("who may no longer become an identity, or under a condition more"),
  "reason-changed": neutral(
    "why a group of people has access or a finding is accepted, or what another account is called, as the file says it",
  ),
  "drift-accepted": widened(
    "a finding of `npm run verify` that newly does not count, or for longer: until then nobody is told of it",
  ),
  "drift-not-accepted": narrowed("a finding of `npm run verify` that counts, or does so earlier"),
  "limit-raised": widened("a limit that lets an identity do more", "notify"),
  "limit-lowered": narrowed("a limit that lets an identity do less"),
  "boundary-loosened": widened("a permissions boundary that is gone, or is another policy"),
  "boundary-set": narrowed("a permissions boundary where there was none"),
  "namespace-loosened": widened("a namespace whose pods may do more: Pod Security, NetworkPolicy"),
  "namespace-tightened": narrowed("a namespace whose pods may do less"),
  "namespace-removed": narrowed("a namespace that is no longer declared, and what becomes of it", "approve"),
  "connection-changed": neutral(
    "how an identity connects: its first database, where that is written for it, writer or readers, the RDS Proxy, who makes its ServiceAccount",
  ),
  "schema-added": neutral("a schema or database that was not there"),
  "schema-removed": narrowed(
    "a schema or database that is no longer in the file, and what becomes of its tables",
    "approve",
  ),
  "schema-renamed": neutral("a schema or database under another name"),
  "extension-added": neutral("an extension of PostgreSQL that was not there"),
  "extension-reaches-out": widened(
    "a new extension that carries data out of the database, runs code elsewhere or as somebody else, or of which nobody here knows",
  ),
  "extension-changed": neutral("why an extension is there, or in which schema"),
  "extension-removed": narrowed(
    "an extension that is no longer in the file, and what becomes of its tables",
    "approve",
  ),
  "data-destroyed": widened("what holds data and would be destroyed, or replaced by an empty one"),
  "may-replace": widened("a change of which nobody here knows whether it replaces what holds data"),
  "protection-off": widened(
    "a protection from loss that is turned off: of deletion, backups, snapshots, prevent_destroy",
  ),
  "protection-on": narrowed("a protection from loss that is turned on", "allow"),
  "reach-widened": widened("what can be reached by others than before: addresses, ports, networks"),
  "reach-narrowed": narrowed("what can be reached by fewer"),
  "policy-widened": widened("a policy of IAM, KMS or a VPC endpoint that is new, or says something else"),
  "policy-narrowed": narrowed("a policy of IAM, KMS or a VPC endpoint that allows less"),
  "encryption-weakened": widened("encryption that is turned off, or done with another key"),
  "encryption-strengthened": narrowed("encryption that is turned on", "allow"),
  "address-renamed": widened("a resource at another address and not moved: destroyed here, made anew there"),
  "resource-replaced": neutral("a resource that is destroyed and made anew, and holds no data"),
  "resource-added": neutral("a resource that is made", "allow"),
  "resource-removed": neutral("a resource that is destroyed, and holds no data"),
  "resource-changed": neutral("a resource that is changed in place"),
  "wiring-changed": neutral(
    "what a stack publishes: whatever follows from it is told where it happens",
    "allow",
  ),
  "reference-changed": widened(
    "what a name stands for in a stack, of which policies, trust and connections are made",
  ),
  "stack-added": widened("a stack that was not there, with all that is in it"),
  "stack-removed": narrowed(
    "a stack that is no longer there: what it deployed stays, and nobody looks after it",
    "approve",
  ),
  "state-moved": widened(
    "where Terraform keeps its state, or what it works on: it may find nothing there, and make everything anew",
  ),
  "environment-added": widened("an environment that was not there"),
  "environment-removed": narrowed("an environment that is no longer there", "approve"),
  "code-changed": widened(
    "the code that makes the stacks, or what CI does with it: what it makes elsewhere nobody sees here",
  ),
  "code-not-compared": neutral(
    "code that made a side and is not at hand, as for a folder that `npm run synth` wrote: who calls the review chose that",
  ),
  "rule-broken": always("a rule of `review.rules` that does not hold, and did hold before"),
  "rule-still-broken": neutral("a rule of `review.rules` that does not hold, and did not before"),
  "rules-loosened": always("rules of the review itself that ask for less"),
  "rules-tightened": narrowed("rules of the review itself that ask for more"),
  "plan-and-stack-differ": always("stacks that do something else than the access plan says"),
  unexplained: always("a change of the access plan that the review has no word for"),
  "not-computed": always("what could not be read or synthesised, so that nobody knows what changed"),
} as const satisfies Readonly<Record<string, KindDefinition>>;

/** One of {@link FINDING_KINDS}. */
export type FindingKind = keyof typeof FINDING_KINDS;

/** What a kind means. */
export function kindOf(kind: FindingKind): KindDefinition {
  return FINDING_KINDS[kind];
}

function widened<const D extends Decision = "approve">(about: string, decision?: D) {
  return { effect: "widened", decision: decision ?? "approve", about } as const;
}

function narrowed<const D extends Decision = "notify">(about: string, decision?: D) {
  return { effect: "narrowed", decision: decision ?? "notify", about } as const;
}

function neutral<const D extends Decision = "notify">(about: string, decision?: D) {
  return { effect: "neutral", decision: decision ?? "notify", about } as const;
}

function always(about: string) {
  return { effect: "widened", decision: "approve", always: true, about } as const;
}
