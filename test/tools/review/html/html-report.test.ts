import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { htmlAccess, htmlReport } from "../../../../tools/review/html/html-report";
import { COUNTS, DEV, devPlan, EXAMPLE, FINDINGS, HOSTILE, plan, reviewOf } from "./reviews";

const page = htmlReport(EXAMPLE);

/** The elements of a name: their attributes and their content. */
function elements(html: string, name: string): { readonly attributes: string; readonly content: string }[] {
  return [...html.matchAll(new RegExp(`<${name}\\b([^>]*)>(.*?)</${name}>`, "gs"))].map(
    ([, attributes = "", content = ""]) => ({ attributes: attributes.trim(), content }),
  );
}

function policyOf(html: string): string[] {
  const [, policy = ""] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html) ?? [];
  return policy.replaceAll("&#39;", "'").split("; ");
}

/** Text as a browser would show it, without what is in the head and in scripts. */
function shown(html: string): string {
  const entities: Record<string, string> = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&amp;": "&",
  };
  return html
    .replace(/^.*<body>/s, "")
    .replace(/<script\b.*?<\/script>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? "")
    .replace(/\s+/g, " ");
}

test("the page's policy lets it have its own style and script, by their hashes, and nothing else", () => {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const scripts = elements(page, "script").filter(
    ({ attributes }) => !attributes.includes("application/json"),
  );
  const styles = elements(page, "style");
  expect([scripts.length, styles.length]).toEqual([1, 1]);
  expect(policyOf(page)).toEqual([
    "default-src 'none'",
    `style-src ${hash(styles[0]?.content ?? "")}`,
    `script-src ${hash(scripts[0]?.content ?? "")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  // Before it, nothing is loaded.
  expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<style>"));
});

test("nothing in it asks for anything, or carries a script or style that no hash covers", () => {
  expect(page).not.toMatch(/\s(src|srcset|style|on\w+|action|formaction)=/i);
  expect(page).not.toMatch(/<(link|img|iframe|object|embed|base|form)\b/i);
  expect([...page.matchAll(/\shref="([^"]*)"/g)].map(([, to]) => to)).toEqual(["#access"]);
  expect(page).not.toMatch(/@import|url\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
});

test("the same review gives the same bytes", () => {
  expect(htmlReport(structuredClone(EXAMPLE))).toBe(page);
  expect(page).not.toContain(process.cwd());
});

test("without a script it says the outcome, how to approve it, and every finding with what follows from it", () => {
  const text = shown(page);
  expect(text).toContain(
    "Review of a8f9b43 → to working tree Approval needed 2 to approve, 1 to know, 1 allowed, in dev.",
  );
  expect(text).toContain(`npm run review -- --approve ${EXAMPLE.digest} `);
  for (const finding of FINDINGS) {
    const rest = finding.text.slice(finding.subject.length);
    expect(text).toContain(`${finding.subject} ${rest}`);
    for (const each of finding.also ?? []) expect(text).toContain(`widened ${each.text}`);
    for (const detail of finding.details ?? []) expect(text).toContain(detail);
  }
  expect(text).toContain(`{ "engine_mode": [ "provisioned", "serverless" ] }`);
  expect(text).toContain("dev-database 0 2 3 4");
});

test("what is to approve comes first, then what is to know, then what is allowed; each says its decision and effect", () => {
  const text = shown(page);
  const places = [
    "To approve 2 approve widened orders-api",
    "dev-database 1 approve widened dev-database aws_rds_cluster.cluster",
    "To know 1 notify narrowed on-call",
    "Allowed 1 dev-access 1 allow neutral dev-access aws_iam_role.a",
  ].map((words) => text.indexOf(words));
  expect(places).toEqual([...places].sort((left, right) => left - right));
  expect(places[0]).toBeGreaterThan(0);
});

test("it says who asked for what by an approval that was for something else, and what was approved", () => {
  const other = shown(htmlReport({ ...EXAMPLE, approvedOther: "0".repeat(40) }));
  expect(other).toContain(`What was approved was something else ${"0".repeat(40)}`);
  const approved = shown(htmlReport({ ...EXAMPLE, outcome: "approved" }));
  expect(approved).toContain(`Approved by its digest ${EXAMPLE.digest}`);
  expect(approved).not.toContain("--approve");
  expect(shown(htmlReport(EXAMPLE, { command: "npm run review -- dev --base x" }))).toContain(
    `npm run review -- dev --base x --approve ${EXAMPLE.digest}`,
  );
});

test("what is found alike in several environments is said once, with all that it is about", () => {
  const [finding] = FINDINGS;
  if (!finding) throw new Error("There is no finding.");
  const other = { ...finding, content: "not quite the same" };
  const text = shown(
    htmlReport(
      reviewOf({ a: { findings: [finding] }, b: { findings: [finding] }, c: { findings: [other] } }, [
        { kind: "code-changed", subject: "code", text: "code: other" },
      ]),
    ),
  );
  expect(text).toContain("To approve 3 Of the change as a whole approve widened code : other");
  expect(text.split("shop.billing read-only → read-write").length - 1).toBe(2);
  expect(text).toContain("In a and b");
  expect(text).toContain("In c");
  expect(text).toContain("3 to approve, 0 to know, 0 allowed, in 3 of 3 environments.");
});

test("a finding is under the stack that it is about, by the stack's id or by an address in it", () => {
  const about = (subject: string) => ({ kind: "data-destroyed", subject, text: `${subject}: gone` }) as const;
  const subjects = ["dev-access", "dev-access aws_iam_role.a", "dev-access-more", "dev-accessory x"];
  const html = htmlReport(reviewOf({ dev: { findings: subjects.map(about), counts: COUNTS }, other: {} }));
  const stacks = elements(html, "li").flatMap(
    ({ attributes }) => /data-stack="(.*)"/.exec(attributes)?.[1] ?? [],
  );
  // Those of no stack come first.
  expect(stacks).toEqual(["", "", "dev-access", "dev-access"]);
  expect(shown(html)).toContain("dev-access 2 approve widened dev-access : gone");
  expect(shown(html)).toContain("4 to approve, 0 to know, 0 allowed, in 1 of 2 environments.");
});

test("what follows from what follows is on the line as well", () => {
  const third = { kind: "limit-lowered", subject: "c", text: "c: less" } as const;
  const second = { kind: "access-gained", subject: "b", text: "b: more", also: [third] } as const;
  const first = { kind: "unexplained", subject: "a", text: "a: another", also: [second] } as const;
  expect(shown(htmlReport(reviewOf({ dev: { findings: [first] } })))).toContain(
    "approve widened a : another widened b: more narrowed c: less unexplained",
  );
});

test("of a content that is long, the beginning is shown and the rest counted", () => {
  const finding = {
    kind: "not-computed",
    subject: "dev",
    text: "dev: it",
    content: "x".repeat(9000),
  } as const;
  expect(shown(htmlReport(reviewOf({ dev: { findings: [finding] } })))).toContain(
    "x … and 1002 more characters, which the digest covers all the same",
  );
});

test("hostile names and texts are text: no tag, entity, comment or line of theirs is in the page", () => {
  const hostile = {
    kind: "unexplained",
    subject: HOSTILE,
    text: `${HOSTILE}: ${HOSTILE}`,
    details: [HOSTILE],
    also: [{ kind: "unexplained", subject: HOSTILE, text: HOSTILE }],
    content: { [HOSTILE]: HOSTILE },
  } as const;
  const before = devPlan();
  const [service] = before.identities;
  if (!service) throw new Error("dev has no identity.");
  const after = {
    ...before,
    file: HOSTILE,
    identities: [{ ...service, key: HOSTILE, databaseUser: HOSTILE }],
  };
  const review = {
    ...reviewOf(
      {
        [HOSTILE]: {
          before,
          after,
          findings: [hostile],
          counts: [{ stack: HOSTILE, added: 1, changed: 0, replaced: 0, removed: 0 }],
        },
        b: {},
      },
      [hostile],
    ),
    base: HOSTILE,
    head: HOSTILE,
  };
  const html = htmlReport(review, { command: HOSTILE });
  expect(html).not.toMatch(/<img|<!--|alert\(1\)<|[\u202E\u2028]/);
  expect(elements(html, "script").map(({ attributes }) => attributes)).toEqual([
    'type="application/json" id="data-0"',
    'type="application/json" id="data-1"',
    "",
  ]);
  expect(html.match(/<\/?script/g)).toHaveLength(6);
  // No attribute of ours ends where one of its values does.
  expect(html.replace(/<script\b.*?<\/script>/gs, "")).not.toMatch(/[\s"']on(mouseover|click)=["']/);
  expect(shown(html)).toContain(
    "<img src=x onerror=alert(2)><!--\\u{202e}esrever\\u{2028}\\u{a}&lt;javascript:alert(3)",
  );
  const [data] = elements(html, "script");
  expect(data?.content).not.toMatch(/[<>&]/);
  expect(JSON.parse(data?.content ?? "").identities.map(({ key }: { key: string }) => key)).toContain(
    "</script><script>alert(1)</script><img src=x onerror=alert(2)><!--\\u{202e}esrever\\u{2028}\\u{a}&lt;javascript:alert(3)\" onmouseover=\"alert(4)' onclick='alert(5)",
  );
});

test("plans that cannot be shown, or read, hide no finding", () => {
  const before = devPlan();
  // Another version's plan may lack what is looked at.
  const broken = { ...before, databases: [] };
  const html = htmlReport(
    reviewOf({ dev: { before, after: broken, findings: FINDINGS }, b: { findings: FINDINGS } }),
  );
  const problems = elements(html, "script")
    .slice(0, 2)
    .map(({ content }) => JSON.parse(content).problem);
  expect(problems).toEqual([
    "The access plans cannot be shown: billing-migrations has a grant on shop.billing, which is not there",
    "Neither side's access plan could be read.",
  ]);
  expect(shown(html)).toContain("shop.billing read-only → read-write");
});

test("what is found of the change as a whole alone is in no environment, and says so", () => {
  const common = [{ kind: "code-changed", subject: "code", text: "code: other" }] as const;
  expect(shown(htmlReport(reviewOf({ dev: {}, prod: {} }, common)))).toContain(
    "1 to approve, 0 to know, 0 allowed; nothing of it in 2 environments.",
  );
  expect(shown(htmlReport(reviewOf({ dev: {} }, common)))).toContain("0 allowed; nothing of it in dev.");
  expect(shown(htmlReport(reviewOf({ dev: {} })))).toContain("Nothing differs in dev.");
});

test("access at some time is the matrix alone, of that time", () => {
  const html = htmlAccess("v1.4", [devPlan(), { ...devPlan(), environment: "other" }]);
  expect(shown(html)).toContain("Access at v1.4 2 environments Who can do what");
  expect(shown(html)).not.toContain("Findings");
  expect(shown(htmlAccess("v1.4", [devPlan()]))).toContain("test.yaml: account 123456789012, eu-west-1");
  const data = elements(html, "script")
    .slice(0, 2)
    .map(({ content }) => JSON.parse(content));
  expect(data.map(({ name, alone }) => [name, alone])).toEqual([
    ["dev", "at v1.4"],
    ["other", "at v1.4"],
  ]);
});

test("a review of no environment says so, and has no matrix", () => {
  const html = htmlReport(reviewOf({}));
  expect(shown(html)).toContain("Nothing to approve Nothing differs in 0 environments.");
  expect(html).not.toContain('id="matrix"');
});

test("environments are listed with account, region and how much is found in each, those with most to approve first", () => {
  const after = plan(DEV);
  const known = FINDINGS.filter(({ kind }) => kind === "access-lost");
  const html = htmlReport(
    reviewOf({
      a: {},
      b: {},
      dev: { after, findings: FINDINGS },
      less: { findings: known },
      more: { findings: [...known, ...known] },
    }),
  );
  const text = shown(html);
  expect(text).toContain(
    "dev 123456789012 eu-west-1 2 1 1 Show dev more unknown unknown 0 2 0 Show more less unknown unknown 0 1 0 Show less a unknown unknown 0 0 0 Show a b unknown",
  );
  expect(html).toContain(
    '<select id="environment"><option value="0">dev</option><option value="1">more</option>',
  );
  expect(shown(page)).not.toContain("Environments");
});
