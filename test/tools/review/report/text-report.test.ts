import { describe, expect, test } from "@jest/globals";
import type { Finding } from "../../../../tools/review/finding";
import { textReport } from "../../../../tools/review/report/text-report";
import { ONE_GRANT, reviewOf } from "./made";

const COUNTS = { stack: "dev-access", added: 0, changed: 1, replaced: 0, removed: 0 };
const service = (name: string, more: Partial<Finding> = {}): Finding => ({
  kind: "identity-added",
  subject: name,
  text: `${name}: new service`,
  ...more,
});
const many = (count: number, kind: Finding["kind"]) =>
  Array.from({ length: count }, (_, index) => ({ kind, subject: `s${index}`, text: `s${index}: changed` }));

describe("a review on a terminal", () => {
  test("of one grant is one line, with where it is, what to run, and nothing else", () => {
    const review = reviewOf({ dev: [ONE_GRANT], prod: [] }, [COUNTS]);
    expect(textReport(review, { command: "npm run review -- dev" }).split("\n")).toEqual([
      "To approve in dev:",
      `  widened   ${ONE_GRANT.text}`,
      "dev-access: 1 resource changed",
      "Nothing changes in 1 other environment",
      "a8f9b43 → working tree: 1 finding to approve, by",
      `  npm run review -- dev --approve ${review.digest}`,
    ]);
  });

  test("of no change says so in one line", () => {
    expect(textReport(reviewOf({ dev: [], prod: [] }))).toBe("a8f9b43 → working tree: nothing to approve");
  });

  test("that was approved says what was, and asks for nothing", () => {
    const review = { ...reviewOf({ dev: [ONE_GRANT] }), outcome: "approved" as const };
    const lines = textReport(review).split("\n");
    expect(lines[0]).toBe("Approved in dev:");
    expect(lines.at(-1)).toBe(`a8f9b43 → working tree: 1 finding approved, by ${review.digest}`);
    expect(lines).toContain(`  widened   ${ONE_GRANT.text}`);
  });

  test("tells first what is to approve, then what is to know, and only counts what is allowed", () => {
    const findings: Finding[] = [
      { kind: "resource-added", subject: "dev-access a.b", text: "dev-access: a.b" },
      { kind: "access-lost", subject: "worker", text: "worker: shop.orders read-write → read-only" },
      { kind: "resource-added", subject: "dev-access a.c", text: "dev-access: a.c" },
      { kind: "protection-on", subject: "dev-database", text: "dev-database: deletion protection" },
      ONE_GRANT,
    ];
    expect(
      textReport(reviewOf({ dev: findings }))
        .split("\n")
        .slice(0, 5),
    ).toEqual([
      "To approve in dev:",
      `  widened   ${ONE_GRANT.text}`,
      "To know in dev:",
      "  narrowed  worker: shop.orders read-write → read-only",
      "Allowed: 2 resource-added, 1 protection-on",
    ]);
  });

  test("tells what follows on the same line, and where that goes when it goes elsewhere", () => {
    const renamed = service("a", {
      kind: "schema-renamed",
      text: "shop.a: renamed to shop.b",
      also: [
        {
          kind: "access-gained",
          subject: "x",
          text: "x may write",
          also: [{ kind: "connection-changed", subject: "x", text: "x connects to b" }],
        },
      ],
    });
    expect(textReport(reviewOf({ dev: [renamed] }))).toContain(
      "To approve in dev:\n  neutral   shop.a: renamed to shop.b; widened: x may write; neutral: x connects to b\n",
    );
  });

  test("tells what follows without its effect where all of it has the same", () => {
    const also: Finding[] = [{ kind: "trust-widened", subject: "a", text: "a trusts b" }];
    expect(textReport(reviewOf({ dev: [service("a", { also })] }))).toContain(
      "  a: new service; a trusts b\n",
    );
  });

  test("tells once what is found alike in several environments, and never in too many", () => {
    const made = { dev: [ONE_GRANT], prod: [ONE_GRANT, service("a")], test: [service("b")] };
    expect(textReport(reviewOf(made)).split("\n").slice(0, 6)).toEqual([
      "To approve in dev and prod:",
      `  widened   ${ONE_GRANT.text}`,
      "To approve in prod:",
      "  widened   a: new service",
      "To approve in test:",
      "  widened   b: new service",
    ]);
    const others: Partial<Finding>[] = [
      { kind: "trust-widened" },
      { text: `${ONE_GRANT.text} and more` },
      { details: ["by another policy"] },
      { also: [service("a")] },
    ];
    for (const other of others) {
      const text = textReport(reviewOf({ dev: [ONE_GRANT], prod: [{ ...ONE_GRANT, ...other }] }));
      expect(text).toMatch(/^To approve in dev:\n.*\nTo approve in prod:\n/);
    }
    const all = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, [ONE_GRANT]]));
    expect(textReport(reviewOf(all))).toMatch(/^To approve in all 4 environments:\n.*\na8f9b43/);
    expect(textReport(reviewOf({ ...all, e: [] }))).toMatch(/^To approve in a, b, c and d:\n/);
  });

  test("tells what is found of both sides as a whole first, and of no environment", () => {
    const code = { kind: "code-changed", subject: "code", text: "code: it is another" } as const;
    expect(
      textReport(reviewOf({ dev: [ONE_GRANT], prod: [] }, [], [code]))
        .split("\n")
        .slice(0, 3),
    ).toEqual(["To approve:", "  widened   code: it is another", "To approve in dev:"]);
  });

  test("never cuts what is to approve, and counts the rest of what is to know", () => {
    const text = textReport(
      reviewOf({
        dev: [...many(500, "access-gained"), ...many(100, "access-lost"), ...many(9, "resource-added")],
      }),
    );
    expect(text.match(/^ {2}widened/gm)).toHaveLength(500);
    expect(text.match(/^ {2}narrowed/gm)).toHaveLength(40);
    expect(text).toContain("\n60 more: --format html or json has them\n");
    const two = textReport(reviewOf({ dev: many(30, "access-lost"), prod: many(31, "connection-changed") }));
    expect(two.match(/^ {2}(?:narrowed|neutral)/gm)).toHaveLength(40);
    expect(two).toContain("\n21 more: ");
  });

  test("has details of what is to approve and of what follows from it below, the first twenty", () => {
    const details = Array.from({ length: 19 }, (_, index) => `line ${index}`);
    const also: Finding[] = [service("b", { details: ["of b", "more of b"] })];
    const lines = textReport(reviewOf({ dev: [{ ...ONE_GRANT, details, also }] })).split("\n");
    expect(lines.slice(2, 22).map((line) => line.trim())).toEqual([...details, "of b"]);
    expect(lines[22]).toBe("              1 more: --format html or json has them");
  });

  test("does not say that nothing changes where only resources do", () => {
    const review = reviewOf({ dev: [], prod: [] });
    const environments = review.environments.map((of) =>
      of.name === "dev" ? { ...of, counts: [COUNTS] } : of,
    );
    expect(
      textReport({ ...review, environments })
        .split("\n")
        .slice(0, 2),
    ).toEqual(["dev-access: 1 resource changed", "Nothing changes in 1 other environment"]);
  });

  test("of 300 environments lists those in which something is found", () => {
    const made = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`env-${index}`, index === 7 ? [ONE_GRANT] : []]),
    );
    const lines = textReport(reviewOf(made)).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe("To approve in env-7:");
    expect(lines[2]).toBe("Nothing changes in 299 other environments");
  });

  test("counts resources stack by stack, and stacks where there are too many", () => {
    const stacks = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...COUNTS,
        stack: `dev-${index}`,
        added: 5,
        removed: 2,
      }));
    const text = textReport(reviewOf({ dev: [ONE_GRANT] }, stacks(43)));
    expect(text).toContain("\ndev-0: 5 resources added, 1 changed, 2 destroyed\n");
    expect(text).toContain("\ndev-39: ");
    expect(text).not.toContain("\ndev-40: ");
    expect(text).toContain("\n3 stacks more: --format html or json has them\n");
    const replaced = { ...COUNTS, changed: 0, replaced: 1 };
    expect(textReport(reviewOf({ dev: [ONE_GRANT] }, [replaced]))).toContain("1 resource replaced\n");
  });

  test("says the effect in words, and in colour only when told to", () => {
    const made = reviewOf({ dev: [ONE_GRANT, { kind: "access-lost", subject: "a", text: "a: less" }] });
    expect(textReport(made)).not.toContain("\u001b");
    const coloured = textReport(made, { colour: true });
    expect(coloured).toContain("  \u001b[31mwidened \u001b[0m  orders-api");
    expect(coloured).toContain("  \u001b[32mnarrowed\u001b[0m  a: less");
    expect(coloured.replaceAll(/[^ -~→\n]\[\d+m/g, "")).toBe(textReport(made));
  });
});
