import { describe, expect, test } from "@jest/globals";
import type { Finding } from "../../../../tools/review/finding";
import { markdownReport } from "../../../../tools/review/report/markdown-report";
import { ONE_GRANT, reviewOf } from "./made";

const COUNTS = { stack: "dev-access", added: 0, changed: 1, replaced: 0, removed: 2 };
const LOST: Finding = { kind: "access-lost", subject: "worker", text: "worker: shop.orders lost" };
const GAINED: Finding = { ...LOST, kind: "connection-changed" };
const many = (count: number, kind: Finding["kind"], more = "") =>
  Array.from({ length: count }, (_, index) => ({
    kind,
    subject: `s${index}`,
    text: `s${index}: changed${more}`,
  }));
const lines = (markdown: string) => markdown.split("\n");

describe("a review in a pull request", () => {
  test("of one grant fits on a screen, and tells who gains what first", () => {
    const review = reviewOf({ dev: [ONE_GRANT], prod: [] }, [COUNTS]);
    expect(markdownReport(review)).toBe(`## Review: 1 finding to approve in \`dev\`

\`a8f9b43\` → \`working tree\`, 2 environments

### To approve

- **widened** \`orders-api\`: \`shop.billing\` read-only → read-write (gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions)

### Environments

| environment | account | region | to approve | to know | allowed |
| --- | --- | --- | --- | --- | --- |
| \`dev\` | \`123456789012\` | \`eu-west-1\` | 1 | 0 | 0 |

Nothing changes in 1 other environment.

### Resources

| stack | added | changed | replaced | destroyed |
| --- | --- | --- | --- | --- |
| \`dev-access\` | 0 | 1 | 0 | 2 |

### Schemas that nobody may migrate

- \`dev\`: \`shop.billing\`, \`shop.orders\`

The digest of exactly what is to approve is \`${review.digest}\`, which \`npm run review -- --approve\` takes. It changes when any of it does, and with nothing else.
`);
  });

  test("of no change is two lines", () => {
    expect(markdownReport(reviewOf({ dev: [] }))).toBe(
      `## Review: nothing to approve\n\n\`a8f9b43\` → \`working tree\`\n`,
    );
  });

  test("that was approved says by which digest, and asks for nothing", () => {
    const review = { ...reviewOf({ dev: [ONE_GRANT] }), outcome: "approved" as const };
    const markdown = markdownReport(review);
    expect(markdown).toContain("## Review: 1 finding approved in `dev`\n");
    expect(lines(markdown).at(-2)).toBe(`Approved by the digest \`${review.digest}\`.`);
    expect(markdown).toContain("\n### Approved\n\n- **widened** `orders-api`");
    expect(markdown).not.toMatch(/--approve|To approve/);
  });

  test("says in which environments something is found, and once what is found alike", () => {
    const markdown = markdownReport(
      reviewOf({ dev: [ONE_GRANT], prod: [ONE_GRANT, LOST, GAINED], test: [] }),
    );
    expect(markdown).toContain("## Review: 1 finding to approve in `dev` and `prod`\n");
    expect(markdown).toMatch(/### To approve\n\nIn `dev` and `prod`:\n\n- \*\*widened\*\* `orders-api`/);
    expect(markdown).toMatch(/### To know\n\nIn `prod`:\n\n- narrowed `worker`.*\n- neutral `worker`.*\n\n/);
    expect(markdown).toContain("| `prod` | `123456789012` | `eu-west-1` | 1 | 2 | 0 |");
    expect(markdown).not.toContain("`test`");
  });

  test("has the account of an environment that is gone, and says so of one that cannot be read", () => {
    const review = reviewOf({ dev: [ONE_GRANT], prod: [ONE_GRANT] });
    const environments = review.environments.map(({ before, after: _, ...of }) =>
      of.name === "dev" ? { ...of, before } : of,
    );
    const markdown = markdownReport({ ...review, environments });
    expect(markdown).toContain("| `dev` | `123456789012` | `eu-west-1` |");
    expect(markdown).toContain("| `prod` | `unknown` | `unknown` |");
    expect(markdown).not.toContain("nobody may migrate");
  });

  test("tells what is found of both sides as a whole first, and of no environment", () => {
    const code = { kind: "code-changed", subject: "code", text: "code: it is another" } as const;
    const markdown = markdownReport(reviewOf({ dev: [ONE_GRANT], prod: [LOST] }, [], [code]));
    expect(markdown).toMatch(
      /### To approve\n\nOf the change as a whole:\n\n- .* it is another\n\nIn `dev`:\n/,
    );
    const alone = markdownReport(reviewOf({ dev: [] }, [], [code]));
    expect(alone).toContain("## Review: 1 finding to approve\n");
    expect(alone).toContain("### To approve\n\n- **widened** `code`: it is another\n");
  });

  test("folds what is allowed, and details of what is to approve", () => {
    const detailed: Finding = {
      ...ONE_GRANT,
      details: ["GRANT `INSERT`", "```", "</details>"],
      also: [{ ...LOST, details: ["::add-mask::x"] }],
    };
    const markdown = markdownReport(reviewOf({ dev: [detailed, ...many(2, "resource-added")] }));
    expect(markdown).toContain("EXECUTE on functions); narrowed: `worker`: `shop.orders` lost\n");
    expect(markdown).toContain(`<details><summary>Details of what needs an approval</summary>

\`orders-api\`

\`\`\`\`
GRANT \`INSERT\`
\`\`\`
</details>
\\u{3a}:add-mask::x
\`\`\`\`


</details>`);
    expect(markdown).toContain(
      "<details><summary>Allowed: 2 findings</summary>\n\n- neutral `s0`: changed\n- neutral `s1`: changed\n\n</details>",
    );
  });

  test("says that an approval was of something else", () => {
    const other = { ...reviewOf({ dev: [ONE_GRANT] }), approvedOther: "a`b" };
    expect(markdownReport(other)).toContain("\nWhat was approved, ``a`b``, was something else.\n");
  });

  test("stays under what GitHub takes, whatever is found, and leaves out what is to approve last", () => {
    const made = {
      dev: [...many(200, "access-gained"), ...many(5000, "access-lost"), ...many(5000, "resource-added")],
    };
    const markdown = markdownReport(reviewOf(made));
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(55_000);
    expect(markdown.match(/^- \*\*widened/gm)).toHaveLength(200);
    expect(markdown).toMatch(/\n\n\*\*\d+ more\*\*: \d+ access-lost\. The HTML report has them\.\n/);
    expect(markdown).toContain("<details><summary>Allowed: 5000 findings</summary>");
    expect(markdown).toMatch(/\*\*5000 more\*\*: 5000 resource-added\. The HTML/);
    expect(markdown).not.toContain("do not fit");
  });

  test("says in its first lines when not even what is to approve fits, with the digest of all of it", () => {
    const review = reviewOf({ dev: [...many(3000, "access-gained"), ...many(3, "data-destroyed")] });
    const markdown = markdownReport(review);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
    const shown = markdown.match(/^- \*\*widened/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(1000);
    expect(lines(markdown).slice(0, 5).join("\n")).toContain(
      `**${3003 - shown} of 3003 findings to approve do not fit into this comment.** The HTML report has them. The digest covers them all.`,
    );
    expect(markdown).toContain(`is \`${review.digest}\`,`);
  });

  test("is not emptied by one finding that is too long for it", () => {
    const long = { ...ONE_GRANT, text: `orders-api: ${"a_b ".repeat(20_000)}` };
    const markdown = markdownReport(reviewOf({ dev: [long, ...many(3, "access-gained")] }));
    expect(markdown).toContain("**1 of 4 findings to approve do not fit");
    expect(markdown.match(/^- \*\*widened/gm)).toHaveLength(3);
  });

  test("of 300 environments shows those in which something is found", () => {
    const made = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`env-${index}`, index === 7 ? [ONE_GRANT] : []]),
    );
    const markdown = markdownReport(reviewOf(made));
    expect(lines(markdown).length).toBeLessThan(30);
    expect(markdown).toContain("Nothing changes in 299 other environments.");
    const all = Object.fromEntries(Object.keys(made).map((name) => [name, [ONE_GRANT]]));
    const common = markdownReport(reviewOf(all, [COUNTS]));
    expect(common).toContain("## Review: 1 finding to approve in 300 environments\n");
    expect(common).toContain("\nIn all 300 environments:\n\n- **widened** `orders-api`");
    expect(common.match(/^- \*\*widened/gm)).toHaveLength(1);
  });
});
