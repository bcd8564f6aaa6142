import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../../lib/user-error";
import { accessPlan } from "../../../../model/access/plan";
import { type ReviewOptions, reviewSides, type Side, textReport } from "../../../../tools/review/review";
import type { ReadEnvironment } from "../../../../tools/review/sides/side";
import { parse } from "../../../helpers/environment";

/** An environment whose on-call has this level on shop.orders, and `review` says this. */
function environment(name: string, level: string, review = "{}"): ReadEnvironment {
  const { review: rules, ...rest } = parse(`name: ${name}
account: "123456789012"
region: eu-west-1
access:
  databases: { shop: [orders] }
  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: ${level} }
review: ${review}
`);
  return { plan: accessPlan({ ...rest, review: rules }), stacks: new Map(), rules };
}
const side = (...environments: ReadEnvironment[]): Side => ({
  name: "a revision",
  environments: new Map(environments.map((each) => [each.plan.environment, each])),
});

const READS = environment("dev", "read-only");
const WRITES = environment("dev", "read-write");
/** The kinds for approval. */
function toApprove(base: Side, head: Side, options: ReviewOptions = {}): string[] {
  const { environments } = reviewSides(base, head, options);
  return environments.flatMap(({ findings }) =>
    findings.filter(({ decision }) => decision === "approve").map(({ kind }) => kind),
  );
}
const digest = (base: Side, head: Side, options: ReviewOptions = {}) =>
  reviewSides(base, head, options).digest ?? "";

describe("an approval", () => {
  const wider = [side(READS), side(WRITES)] as const;

  test("of exactly what is there lets it pass, by another name and after another synthesis too", () => {
    const approved = digest(...wider);
    expect(reviewSides(...wider, { approved }).outcome).toBe("approved");
    const again = { ...side(environment("dev", "read-write")), name: "another" };
    expect(reviewSides(side(environment("dev", "read-only")), again, { approved }).outcome).toBe("approved");
  });

  test("of something else lets nothing pass, and is said to be of something else", () => {
    const approved = "0".repeat(40);
    const review = reviewSides(...wider, { approved });
    expect(review).toMatchObject({ outcome: "approval needed", approvedOther: approved });
    expect(textReport(review)).toContain(`what was approved, ${approved}, was something else`);
    expect(textReport(reviewSides(...wider))).not.toContain("something else");
    expect(reviewSides(...wider, { approved: digest(...wider) })).not.toHaveProperty("approvedOther");
  });

  test("dies with any further widening, in another environment as well", () => {
    const approved = digest(...wider);
    const prod = (level: string) => environment("prod", level);
    const more = [
      [side(READS), side(environment("dev", "owner"))],
      [side(READS, prod("read-only")), side(WRITES, prod("read-write"))],
      [side(READS), side(WRITES, prod("read-only"))],
      [side(READS), side(environment("dev", "read-write", "{ findings: { access-lost: allow } }"))],
    ] as const;
    for (const [base, head] of more) {
      expect(reviewSides(base, head, { approved }).outcome).toBe("approval needed");
    }
    expect(digest(side(prod("read-only")), side(prod("read-write")))).not.toBe(approved);
  });

  test("of a change that cannot be read is of nothing else that cannot", () => {
    const unreadable = (bytes: string): Side => ({
      name: "a revision",
      environments: new Map([["dev", { problem: "it is of version 2", bytes }]]),
    });
    const approved = digest(side(READS), unreadable("1"));
    expect(reviewSides(side(READS), unreadable("1"), { approved }).outcome).toBe("approved");
    expect(reviewSides(side(READS), unreadable("2"), { approved }).outcome).toBe("approval needed");
  });

  test("of a change of which nothing can be read is of its commit alone", () => {
    const unreadable = (commit: string): Side => ({ ...side(), commit, problem: "it does not compile" });
    const approved = digest(side(READS), unreadable("1"));
    expect(reviewSides(side(READS), unreadable("1"), { approved }).outcome).toBe("approved");
    expect(reviewSides(side(READS), unreadable("2"), { approved }).outcome).toBe("approval needed");
    // Of a change that can be read its commit is nothing.
    const read = (commit: string): Side => ({ ...side(WRITES), commit });
    expect(digest(side(READS), read("1"))).toBe(digest(side(READS), read("2")));
  });

  test("outlives what is only shown or allowed", () => {
    const approved = digest(...wider);
    const neutral = { kind: "connection-changed", subject: "x", text: "x: connects otherwise" } as const;
    expect(reviewSides(...wider, { approved, findings: [neutral] }).outcome).toBe("approved");
    const same = environment("prod", "read-only");
    expect(reviewSides(side(READS, same), side(WRITES, same), { approved }).outcome).toBe("approved");
    const tighter = environment("prod", "read-only", "{ findings: { access-lost: approve } }");
    expect(reviewSides(side(READS, same), side(WRITES, tighter), { approved }).outcome).toBe("approved");
  });

  test("is of all that is to approve: of what narrows too, where either side's rules ask for that", () => {
    const narrowed = { kind: "resource-changed", subject: "x", text: "x: is changed" } as const;
    const asks = environment("dev", "read-only", "{ findings: { resource-changed: approve } }");
    const sides = [side(asks), side(asks)] as const;
    const approved = digest(...sides, { findings: [narrowed] });
    expect(reviewSides(...sides, { findings: [narrowed], approved }).outcome).toBe("approved");
    const other = { findings: [{ ...narrowed, text: "x: is changed more" }], approved };
    expect(reviewSides(...sides, other).outcome).toBe("approval needed");
    expect(reviewSides(side(asks), side(READS), { findings: [narrowed] }).outcome).toBe("approval needed");
  });

  test("that is no digest is a mistake, also when there is nothing to approve", () => {
    expect(() => reviewSides(...wider, { approved: "" })).toThrow(UserError);
    expect(() => reviewSides(side(READS), side(READS), { approved: "yes" })).toThrow(UserError);
  });

  test("that nothing needs is no mistake: what it was for may be gone", () => {
    const review = reviewSides(side(READS), side(READS), { approved: "0".repeat(40) });
    expect(review.outcome).toBe("nothing to approve");
    expect(review).not.toHaveProperty("approvedOther");
  });
});

describe("the judged does not choose the judge:", () => {
  const lax =
    "{ findings: { access-gained: allow, environment-added: allow }, rules: { peopleAtMost: any } }";

  test("a change that loosens the rules is judged by those of the base, and asks for that too", () => {
    const kinds = toApprove(side(READS), side(environment("dev", "read-write", lax)));
    expect(kinds.filter((kind) => kind === "rules-loosened")).toHaveLength(3);
    expect(kinds).toContain("rule-broken");
  });

  test("a new environment is judged by the defaults, if its own ask for less", () => {
    expect(toApprove(side(), side(environment("dev", "read-write", lax)))).toEqual(
      expect.arrayContaining(["environment-added", "rules-loosened", "rule-broken"]),
    );
  });

  test("a base from before there were rules had the defaults", () => {
    const { rules: _, ...before } = READS;
    expect(toApprove(side(before), side(READS))).toEqual([]);
    expect(toApprove(side(before), side(environment("dev", "read-only", lax)))).toEqual([
      ...["rules-loosened", "rules-loosened", "rules-loosened"],
    ]);
  });

  test("a change that does not say what it is judged by cannot be judged", () => {
    const { rules: _, ...without } = READS;
    const { environments } = reviewSides(side(READS), side(without));
    expect(environments[0]?.findings.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "not-computed: dev: the change says nothing of what it is judged by: there is no review-rules.json",
    ]);
    const { rules: __, ...other } = WRITES;
    expect(digest(side(READS), side(other))).not.toBe(digest(side(READS), side(without)));
  });

  test("what cannot be read of the base is judged by the defaults", () => {
    const unreadable: Side = { name: "base", environments: new Map([["dev", { problem: "it is gone" }]]) };
    const head = side(environment("dev", "read-only", "{ findings: { code-changed: allow } }"));
    const findings = [{ kind: "code-changed", subject: "code", text: "code: is other code" }] as const;
    const decisions = (base: Side) =>
      reviewSides(base, head, { findings }).findings.map(({ decision }) => decision);
    expect(decisions(unreadable)).toEqual(["approve"]);
    expect(decisions(head)).toEqual(["allow"]);
    expect(toApprove(unreadable, head)).toEqual(["not-computed"]);
  });
});
