import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { review } from "../../../model/config/review/schema";
import { type ReviewOptions, reviewSides } from "../../../tools/review/review";
import type { EnvironmentSide, Side } from "../../../tools/review/sides/side";
import { testEnvironment } from "../../helpers/environment";

const plan = accessPlan(testEnvironment("dev"));
const allowing = (...kinds: readonly string[]) =>
  review.parse({ findings: Object.fromEntries(kinds.map((kind) => [kind, "allow"])) });

function environment(name: string, rules = review.parse({})): EnvironmentSide {
  return { plan: { ...plan, environment: name }, stacks: new Map(), rules };
}
function side(name: string, ...environments: readonly [string, EnvironmentSide][]): Side {
  return { name, environments: new Map(environments) };
}
const broken = (name: string): Side => ({ ...side(name), problem: "it does not compile" });

describe("a side of which nothing could be computed", () => {
  const head = side("head", ["dev", environment("dev")], ["prod", environment("prod")]);

  test("is one finding to approve, however many environments there are", () => {
    const { findings, environments, outcome } = reviewSides(broken("base"), head);
    expect(findings.map(({ kind, text, decision }) => [kind, text, decision])).toEqual([
      ["not-computed", "the base cannot be read: it does not compile", "approve"],
    ]);
    expect(environments.map(({ name, findings, after }) => [name, findings, after?.environment])).toEqual([
      ["dev", [], "dev"],
      ["prod", [], "prod"],
    ]);
    expect(outcome).toBe("approval needed");
    expect(reviewSides(head, broken("head")).outcome).toBe("approval needed");
  });

  test("asks for approval also when the other side has no environment", () => {
    expect(reviewSides(broken("base"), side("head")).outcome).toBe("approval needed");
    expect(reviewSides(side("base"), broken("head")).outcome).toBe("approval needed");
  });

  test("asks again when anything of the other side changes", () => {
    const changed = side(
      "head",
      ["dev", environment("dev")],
      ["prod", environment("prod", allowing("access-lost"))],
    );
    const approved = reviewSides(broken("base"), head).digest ?? "";
    expect(reviewSides(broken("base"), head, { approved }).outcome).toBe("approved");
    expect(reviewSides(broken("base"), changed, { approved }).outcome).toBe("approval needed");
  });

  test("hides no other finding of the whole", () => {
    const { findings } = reviewSides(broken("base"), broken("head"), {
      findings: [{ kind: "code-changed", subject: "code", text: "code: other" }],
    });
    expect(findings.map(({ kind }) => kind)).toEqual(["not-computed", "not-computed", "code-changed"]);
  });
});

describe("what is found of the sides as a whole", () => {
  const options: ReviewOptions = {
    findings: [{ kind: "code-changed", subject: "code", text: "code: other" }],
  };
  const lenient: [string, EnvironmentSide] = ["dev", environment("dev", allowing("code-changed"))];
  const strict: [string, EnvironmentSide] = ["prod", environment("prod")];
  const decision = (base: Side, head: Side, names?: readonly string[]) =>
    reviewSides(base, head, { ...options, names }).findings.map(({ decision }) => decision);

  test("is there once, and judged by the strictest environment on either side", () => {
    const all = side("all", lenient, strict);
    expect(decision(all, all)).toEqual(["approve"]);
    expect(decision(all, all, ["dev"])).toEqual(["allow"]);
    expect(decision(side("base", lenient), side("head", lenient))).toEqual(["allow"]);
    expect(decision(side("base", lenient), side("head", ["dev", environment("dev")]))).toEqual(["approve"]);
    expect(decision(side("base", ["dev", environment("dev")]), side("head", lenient))).toEqual(["approve"]);
  });

  test("is judged by the defaults when there is no environment", () => {
    expect(decision(side("base"), side("head"))).toEqual(["approve"]);
  });
});

describe("an environment", () => {
  const both = side("both", ["dev", environment("dev")], ["prod", environment("prod")]);
  const one = side("one", ["dev", environment("dev")]);
  const found = (base: Side, head: Side) =>
    reviewSides(base, head).environments.flatMap(({ findings }) =>
      findings.map(({ kind, subject, effect, decision }) => [kind, subject, effect, decision].join(" ")),
    );

  test("that is gone asks for approval, and that there is nothing else of it", () => {
    expect(found(both, one)).toEqual(["environment-removed prod narrowed approve"]);
    expect(reviewSides(both, one, { names: ["dev"] }).outcome).toBe("nothing to approve");
  });

  test("that is new asks for approval of all that it brings", () => {
    const kinds = found(one, both);
    expect(kinds).toContain("environment-added prod widened approve");
    expect(kinds).toContain("identity-added orders-api widened approve");
    expect(kinds.filter((kind) => kind.startsWith("environment-"))).toHaveLength(1);
  });

  test("is told of by its stacks as well", () => {
    const stacks = new Map([
      ["dev-other", { resource: { aws_iam_user: { stranger: { name: "stranger" } } } }],
    ]);
    const changed = side("changed", ["dev", { ...environment("dev"), stacks }]);
    expect(found(one, changed)).toContainEqual(expect.stringMatching(/^\S+ dev-other.* approve$/));
  });

  test("that cannot be read on one side is said to be so, with why", () => {
    const unread = side("unread", ["dev", { problem: "access-plan.json is of version 2" }]);
    const text = (base: Side, head: Side) => reviewSides(base, head).environments[0]?.findings[0]?.text;
    expect(text(unread, one)).toBe("dev: the base cannot be read: access-plan.json is of version 2");
    expect(text(one, unread)).toBe("dev: the change cannot be read: access-plan.json is of version 2");
  });
});
