import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { htmlAccess, htmlReport } from "../../../../tools/review/html/html-report";
import type { Review } from "../../../../tools/review/review";
import { lowContrast, pageWidth, styles } from "../../../board/in-page";
import { testUnless } from "../../../helpers/skip";
import { openAll, timeFilters } from "./in-page";
import { manyServices } from "./many-services";
import { DEV, devPlan, EXAMPLE, FINDINGS, HOSTILE, plan, reviewOf, WRITES_BILLING } from "./reviews";

const TIMEOUT = 120_000;
const CHROMIUM = "/usr/bin/chromium";
const missing = existsSync(CHROMIUM) ? undefined : `there is no ${CHROMIUM}`;

let folder: string;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), "html-report-"));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
}, TIMEOUT);
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}, TIMEOUT);
beforeEach(async () => {
  if (missing) return;
  await start();
}, TIMEOUT);
afterEach(async () => {
  if (missing) return;
  // Violations of the policy and failed requests are among the console's messages.
  expect(complaints).toEqual([]);
  await page.context().close();
}, TIMEOUT);

async function start(options: { readonly javaScriptEnabled?: boolean } = {}): Promise<void> {
  await page?.context().close();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  page = await context.newPage();
  complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.isNavigationRequest() || !request.url().startsWith("file:")) complaints.push(request.url());
  });
}

function promise(name: string, run: () => Promise<void>): void {
  testUnless(missing, name, run, TIMEOUT);
}

/** @returns the milliseconds that the browser took to open it */
async function open(review: Review | string): Promise<number> {
  const file = join(folder, "review.html");
  writeFileSync(file, typeof review === "string" ? review : htmlReport(review));
  const started = performance.now();
  await page.goto(pathToFileURL(file).href);
  return performance.now() - started;
}

const findings = () => page.locator("li.finding .line:not(.also) > .text:visible").allInnerTexts();
const matrix = () => page.getByRole("table", { name: /^Access in/ });
const rows = () => matrix().locator("tbody tr th .name").allInnerTexts();
const columns = () => matrix().locator("thead tr:nth-child(2) th").allInnerTexts();
const status = () => page.locator("#status").innerText();
const cell = (name: string) => matrix().getByRole("button", { name, exact: true });
const everything = () => page.getByLabel("Only changes").uncheck();
const path = () => page.getByRole("dialog");
const focused = () => page.locator(":focus");
const label = async () => (await focused().getAttribute("aria-label")) ?? (await focused().innerText());

/** Steps of the path, each with its facts. */
async function steps(): Promise<string[]> {
  const items = await path().locator(".steps > li").allInnerTexts();
  return items.map((item) => item.replace(/\s+/g, " "));
}

describe("the matrix", () => {
  promise("begins with what changes: one row, one column, both levels in words", async () => {
    await open(EXAMPLE);
    expect([await rows(), await columns()]).toEqual([["orders-api"], ["billing"]]);
    expect(await matrix().locator("td").innerText()).toMatch(/^read-only\s*→\s*read-write$/);
    expect(await matrix().locator("tbody th").innerText()).toContain("changed");
    expect(await status()).toBe("dev: 1 of 7 identities, 1 of 3 schemas, only changes.");
    expect(await page.getByText("needs JavaScript").isVisible()).toBe(false);
    await everything();
    expect(await rows()).toHaveLength(7);
    expect(await columns()).toEqual(["messages", "billing", "orders"]);
    expect(await status()).toBe("dev: 7 of 7 identities, 3 of 3 schemas.");
  });

  promise(
    "is filtered by identity, principal, schema, level, kind and namespace, and says how much is left",
    async () => {
      await open(EXAMPLE);
      await everything();
      const search = page.getByLabel("Identity, principal or role");
      await search.fill("BILLING migr");
      expect(await rows()).toEqual(["billing-migrations"]);
      await search.fill("role/OnCall");
      expect(await rows()).toEqual(["on-call"]);
      expect(await status()).toBe("dev: 1 of 7 identities, 3 of 3 schemas.");
      await search.fill("nobody of this name");
      expect(await rows()).toEqual([]);
      await page.locator("#reset").click();
      expect(await rows()).toHaveLength(7);
      await page.getByLabel("Schema").selectOption("shop.billing");
      expect(await rows()).toEqual(["billing-migrations", "billing-worker", "on-call", "orders-api"]);
      expect(await columns()).toEqual(["billing"]);
      // It counts by what it was as well as by what it is.
      await page.getByLabel("Level", { exact: true }).selectOption("read-only");
      expect(await rows()).toEqual(["on-call", "orders-api"]);
      await page.getByLabel("Level", { exact: true }).selectOption("owner");
      expect(await rows()).toEqual(["billing-migrations"]);
      await page.locator("#reset").click();
      await page.getByLabel("Kind").selectOption("group of people");
      expect(await rows()).toEqual(["on-call"]);
      await page.locator("#reset").click();
      await page.getByLabel("Namespace").selectOption("message-board");
      expect(await rows()).toEqual(["message-board", "message-board-migrations"]);
    },
  );

  promise("says in words what is added, removed and renamed", async () => {
    const after = plan(
      DEV.replaceAll("shop.orders", "shop.carts")
        .replace("[billing, orders]", "[billing, carts, fresh]")
        .replace("access:\n", "access:\n  renamed: { shop.orders: shop.carts }\n")
        .replace("billing-worker:", "billing-robot:"),
    );
    await open(reviewOf({ dev: { before: devPlan(), after } }));
    expect(await columns()).toEqual(["billing", "carts was shop.orders", "fresh added"]);
    const words = await matrix().locator("tbody th").allInnerTexts();
    expect(words.map((text) => text.replace(/\s+/g, " "))).toEqual([
      "billing-robot service in shop added",
      "billing-worker service in shop removed",
      "on-call group of people changed",
      "orders-api service in shop changed",
      "orders-migrations service in shop changed",
    ]);
    await cell("billing-robot on shop.billing: none → read-write").waitFor();
    await cell("billing-worker on shop.billing: read-write → none").waitFor();
  });

  promise("without a base is the matrix alone, and says so", async () => {
    await open(reviewOf({ dev: { after: devPlan() } }));
    expect(await status()).toBe("dev: 7 of 7 identities, 3 of 3 schemas, with no base to compare with.");
    expect(await page.getByLabel("Only changes").isDisabled()).toBe(true);
    expect(await matrix().innerText()).not.toContain("→");
  });

  promise("is all there is of access at some time", async () => {
    await open(htmlAccess("v1.4", [devPlan()]));
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Access at v1.4");
    expect(await status()).toBe("dev: 7 of 7 identities, 3 of 3 schemas, at v1.4.");
    await cell("orders-api on shop.billing: read-only").click();
    expect(await path().innerText()).not.toContain("before");
  });

  promise("is of the environment that is chosen, of 300 in one file", async () => {
    const before = devPlan();
    const after = devPlan(WRITES_BILLING);
    const environments = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `env-${index}`,
        { before, after: index === 299 ? after : before, findings: index === 299 ? FINDINGS : [] },
      ]),
    );
    await open(reviewOf(environments));
    // The one with most to approve is first.
    expect(await status()).toBe("env-299: 1 of 7 identities, 1 of 3 schemas, only changes.");
    await page.getByRole("button", { name: "Show env-0", exact: true }).click();
    expect(await status()).toBe("env-0: 7 of 7 identities, 3 of 3 schemas.");
    expect(await findings()).toEqual([]);
    await page.getByRole("button", { name: "Show env-299" }).click();
    expect(await focused().innerText()).toBe("Findings");
    expect(await findings()).toHaveLength(4);
    expect(await rows()).toEqual(["orders-api"]);
    await page.locator("#environment").selectOption("env-298");
    expect(await status()).toBe("env-298: 7 of 7 identities, 3 of 3 schemas.");
  });

  promise("of an environment without a plan says so, and the next one is shown all the same", async () => {
    await open(reviewOf({ a: {}, b: { after: devPlan() } }));
    expect(await page.locator("#region").innerText()).toBe("Neither side's access plan could be read.");
    await page.locator("#environment").selectOption("b");
    expect(await rows()).toHaveLength(7);
  });
});

describe("the path", () => {
  promise(
    "of a cell goes from the ServiceAccount to objects that are there and are to come, before and after",
    async () => {
      await open(EXAMPLE);
      await cell("orders-api on shop.billing: read-only → read-write").click();
      expect(await path().getByRole("heading", { level: 2 }).innerText()).toBe("orders-api on shop.billing");
      expect(await steps()).toEqual([
        expect.stringMatching(/^ServiceAccount name orders-api namespace shop /),
        expect.stringMatching(
          /^IAM role ARN .* if <issuer>:sub StringEquals system:serviceaccount:shop:orders-api permissions boundary none$/,
        ),
        "IAM policy allows rds-db:connect on arn:aws:rds-db:eu-west-1:123456789012:dbuser:<database resource id>/orders_api",
        expect.stringMatching(
          /^Database user changed name orders_api .* before member of rds_iam, shop_billing_ro, shop_orders_rw after member of rds_iam, shop_billing_rw, shop_orders_rw$/,
        ),
        expect.stringMatching(
          /^Group role on shop.billing changed before level read-only: .* role shop_billing_ro after level read-write: .* role shop_billing_rw$/,
        ),
        "On what is in shop.billing changed on the database CONNECT on the schema USAGE before on tables SELECT on sequences SELECT after on tables DELETE, INSERT, SELECT, UPDATE on sequences SELECT, USAGE on functions EXECUTE",
        "On what comes to shop.billing changed before tables created by shop_billing_owner SELECT sequences created by shop_billing_owner SELECT after tables created by shop_billing_owner DELETE, INSERT, SELECT, UPDATE sequences created by shop_billing_owner SELECT, USAGE functions created by shop_billing_owner EXECUTE",
      ]);
    },
  );

  promise("of an identity has all its schemas; of one that is removed it is what there was", async () => {
    const without = plan(
      DEV.replace(/ {4}billing-worker:[\s\S]*?(?= {4}message-board:)/, "").replaceAll(
        ", shop.orders: read-only",
        "",
      ),
    );
    await open(reviewOf({ dev: { before: devPlan(), after: without } }));
    await cell("billing-worker: its path").click();
    expect(await steps()).toHaveLength(7);
    for (const step of await steps()) expect(step).toMatch(/ removed (before )?.* after nothing$/);
    await page.keyboard.press("Escape");
    await cell("on-call: its path").click();
    const titles = await path().locator("h3").allInnerTexts();
    expect(titles.filter((title) => title.startsWith("Group role"))).toEqual([
      "Group role on board.messages",
      "Group role on shop.billing",
      "Group role on shop.orders removed",
    ]);
  });

  promise("is opened and closed by keyboard alone, and the focus is where it was", async () => {
    await open(EXAMPLE);
    await everything();
    await page.locator("#region").focus();
    await page.keyboard.press("Tab");
    expect(await label()).toBe("billing-migrations: its path");
    expect((await focused().evaluate(styles)).outlineStyle).toBe("solid");
    // To the right it goes on to the next cell with something in it; downwards in the same column.
    const keys = [
      "ArrowRight",
      "ArrowDown",
      "ArrowDown",
      "ArrowDown",
      "ArrowRight",
      "ArrowUp",
      "ArrowLeft",
      "ArrowLeft",
      "ArrowLeft",
    ];
    const labels = [];
    for (const key of keys) {
      await page.keyboard.press(key);
      labels.push(await label());
    }
    expect(labels).toEqual([
      "billing-migrations on shop.billing: owner",
      "billing-worker on shop.billing: read-write",
      "on-call on shop.billing: read-only",
      "orders-api on shop.billing: read-only → read-write",
      "orders-api on shop.orders: read-write",
      "on-call on shop.orders: read-only",
      "on-call on shop.billing: read-only",
      "on-call on board.messages: read-only",
      "on-call: its path",
    ]);
    // At an edge it stays.
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await path().waitFor();
    expect(await focused().innerText()).toBe("Close");
    await page.keyboard.press("Escape");
    await path().waitFor({ state: "hidden" });
    expect(await label()).toBe("on-call: its path");
    // One stop of the Tab key for all of the matrix.
    await page.keyboard.press("Shift+Tab");
    expect(await focused().getAttribute("id")).toBe("region");
    await page.keyboard.press("Tab");
    expect(await label()).toBe("on-call: its path");
    expect(await matrix().locator("button[tabindex='0']").count()).toBe(1);
  });
});

describe("findings", () => {
  promise("are filtered by decision, effect, stack and text, and it says how many are shown", async () => {
    await open(EXAMPLE);
    const shown = () => page.locator("#finding-status").innerText();
    const subjects = async () => (await findings()).map((text) => text.replace(/:.*/s, ""));
    expect(await shown()).toBe("4 of 4 findings shown.");
    await page.getByLabel("Decision").selectOption("approve");
    expect(await subjects()).toEqual(["orders-api", "dev-database aws_rds_cluster.cluster"]);
    await page.getByLabel("Stack").selectOption("dev-database");
    expect(await subjects()).toEqual(["dev-database aws_rds_cluster.cluster"]);
    expect(await shown()).toBe("1 of 4 findings shown.");
    expect(await page.locator("#to-know").isVisible()).toBe(false);
    await page.locator("#finding-reset").click();
    await page.getByLabel("Stack").selectOption("none");
    expect(await subjects()).toEqual(["orders-api", "on-call"]);
    await page.getByLabel("Effect").selectOption("narrowed");
    expect(await subjects()).toEqual(["on-call"]);
    await page.locator("#finding-reset").click();
    await page.getByLabel("Text").fill("SHOP_BILLING_RO");
    expect(await subjects()).toEqual(["orders-api"]);
    await page.locator("#finding-reset").click();
    expect(await findings()).toHaveLength(4);
  });

  promise("show their details by keyboard", async () => {
    await open(EXAMPLE);
    const summary = page.locator("summary").first();
    await summary.focus();
    expect(await page.getByText("group role shop_billing_ro").isVisible()).toBe(false);
    await page.keyboard.press("Enter");
    expect(await page.getByText("group role shop_billing_ro").isVisible()).toBe(true);
  });

  promise("of one environment include those of the change as a whole", async () => {
    const common = { kind: "code-changed", subject: "code", text: "code: other" } as const;
    const other = { kind: "access-lost", subject: "x", text: "x: less" } as const;
    await open(reviewOf({ a: { findings: FINDINGS }, b: { findings: [other] } }, [common]));
    await page.locator("#finding-environment").selectOption("b");
    expect(await findings()).toEqual(["code: other", "x: less"]);
  });

  promise("are all there without JavaScript, and nothing is there that would need it", async () => {
    await start({ javaScriptEnabled: false });
    await open(EXAMPLE);
    expect(await findings()).toHaveLength(4);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Approval needed");
    expect(await page.getByText(`--approve ${EXAMPLE.digest}`).isVisible()).toBe(true);
    expect(await page.locator("button:visible, select:visible, input:visible").count()).toBe(0);
    expect(await page.getByText("The matrix needs JavaScript").isVisible()).toBe(true);
  });
});

promise("hostile names and texts stay text, in findings, in the matrix and on the path", async () => {
  const before = devPlan();
  const hostile = JSON.parse(
    JSON.stringify(before)
      .replaceAll('"orders-api"', JSON.stringify(HOSTILE))
      .replaceAll('"billing"', JSON.stringify(HOSTILE)),
  );
  const finding = {
    kind: "unexplained",
    subject: HOSTILE,
    text: HOSTILE,
    details: [HOSTILE],
    content: HOSTILE,
  } as const;
  await open(reviewOf({ [HOSTILE]: { before, after: hostile, findings: [finding] }, b: {} }, [finding]));
  await everything();
  await matrix().locator("button", { hasText: "onerror" }).first().click();
  const visible = "<img src=x onerror=alert(2)><!--\\u{202e}esrever\\u{2028}\\u{a}&lt;javascript:alert(3)";
  expect(await path().getByRole("heading", { level: 2 }).innerText()).toContain(visible);
  expect(await matrix().innerText()).toContain(visible);
  expect((await findings())[0]).toContain(visible);
  expect(await page.locator("img, body script:not([type]):not(:last-of-type)").count()).toBe(0);
});

describe("it is readable", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    promise(`in ${colorScheme} colours, each with a contrast of 4.5 at least`, async () => {
      await page.emulateMedia({ colorScheme });
      await open(
        reviewOf({
          dev: { before: devPlan(), after: devPlan(WRITES_BILLING), findings: FINDINGS },
          other: {},
        }),
      );
      await page.evaluate(openAll);
      await everything();
      expect(await page.evaluate(lowContrast)).toEqual([]);
      await cell("orders-api on shop.billing: read-only → read-write").click();
      expect(await page.evaluate(lowContrast)).toEqual([]);
      await screenshot(colorScheme);
    });
  }

  promise("on a phone, where only the matrix scrolls sideways, and its first column stays", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open({
      ...EXAMPLE,
      environments: [...EXAMPLE.environments, ...reviewOf({ other: {} }).environments],
    });
    await everything();
    await page.setViewportSize({ width: 320, height: 844 });
    expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(390);
    const region = page.locator("#region");
    const header = matrix().locator("tbody th").first();
    const left = async () => (await header.boundingBox())?.x;
    const before = await left();
    await region.evaluate((element) => element.scrollTo(200, 0));
    expect(await region.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
    expect(await left()).toBe(before);
    await cell("orders-api: its path").click();
    expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(390);
    expect((await path().boundingBox())?.width).toBe(390);
    await screenshot("phone");
  });

  promise("in forced colours", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    await open(EXAMPLE);
    expect(await page.evaluate(lowContrast)).toEqual([]);
  });

  promise("by landmarks, headings, tables with headers, and what is announced", async () => {
    await open(EXAMPLE);
    for (const role of ["banner", "main"] as const) expect(await page.getByRole(role).count()).toBe(1);
    const headings = await page
      .getByRole("heading")
      .evaluateAll((all) => all.map(({ tagName, textContent }) => `${tagName} ${textContent}`));
    expect(headings).toEqual([
      "H1 Approval needed",
      "H2 Findings",
      "H3 To approve 2",
      "H5 dev-database 1",
      "H3 To know 1",
      "H3 Allowed 1",
      "H5 dev-access 1",
      "H2 Resources",
      "H2 Who can do what",
    ]);
    expect(await page.getByRole("status").count()).toBe(2);
    expect(await matrix().getAttribute("aria-rowcount")).toBe("3");
    expect(await matrix().getByRole("columnheader").allInnerTexts()).toEqual(["identity", "shop", "billing"]);
    expect(await matrix().getByRole("rowheader").count()).toBe(1);
    await everything();
    const scopes = await matrix()
      .locator("th")
      .evaluateAll((all) =>
        all.slice(0, 7).map((each) => `${each.getAttribute("scope")} ${each.textContent}`),
      );
    expect(scopes).toEqual([
      "col identity",
      "colgroup board",
      "colgroup shop",
      "col messages",
      "col billing",
      "col orders",
      expect.stringMatching(/^row billing-migrations/),
    ]);
    const unnamed = await page
      .locator("select, input, button")
      .evaluateAll(
        (all) => all.filter((each) => !each.ariaLabel && !each.textContent && !("labels" in each)).length,
      );
    expect(unnamed).toBe(0);
  });
});

describe("on paper", () => {
  promise("there are all findings and all rows of the matrix, and nothing to press", async () => {
    await open(manyServices(300, 2));
    expect(await rows()).not.toHaveLength(150);
    await page.emulateMedia({ media: "print" });
    await page.pdf({ format: "A4" });
    expect(await rows()).toHaveLength(150);
    expect(
      await page.locator("select:visible, input:visible, #more:visible, .controls:visible").count(),
    ).toBe(0);
    expect(await findings()).toHaveLength(150);
    // Too wide for a table: each row is a list, with the schema at each cell.
    const [first] = await matrix().locator("tbody tr").all();
    expect(await first?.evaluate((row) => (row.clientWidth <= 1280 ? "fits" : "does not"))).toBe("fits");
    expect(await matrix().locator("thead").isVisible()).toBe(false);
    const filled = matrix().locator("tbody td:not(:empty)");
    const schemas = await filled.evaluateAll((all) => all.map((each) => each.getAttribute("data-schema")));
    expect(new Set(schemas).size).toBe(20);
    expect(schemas).not.toContain(null);
  });

  promise("a matrix that fits is a table", async () => {
    await open(EXAMPLE);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await matrix().locator("thead").isVisible()).toBe(true);
    expect((await page.locator("body").evaluate(styles)).backgroundColor).toBe("rgb(255, 255, 255)");
  });
});

describe("large reviews", () => {
  for (const [services, step] of [
    [1_000, 50],
    [5_000, 100],
  ] as const) {
    promise(
      `of ${services.toLocaleString("en")} services and 40 schemas open and can be filtered; it says how fast`,
      async () => {
        const opened = await open(manyServices(services, step));
        await everything();
        expect(await status()).toBe(
          `dev: ${services.toLocaleString("en")} of ${services.toLocaleString("en")} identities, 40 of 40 schemas.`,
        );
        const left = page.locator("#more");
        const some = (await rows()).length;
        expect(await left.innerText()).toContain("not shown yet");
        await left.click();
        expect((await rows()).length).toBeGreaterThan(some);
        const times = await page.evaluate(timeFilters, ["service-99", "team-7", "", "no such thing"]);
        expect(await rows()).toEqual([]);
        // No promise of this test: what it took, for whoever looks.
        process.stdout.write(
          `${services} services: opened in ${opened.toFixed(0)} ms, filtered in ${times.join(", ")} ms\n`,
        );
      },
    );
  }
});

/** Keeps a picture where REVIEW_SCREENSHOTS names a folder for them. */
async function screenshot(name: string): Promise<void> {
  const pictures = process.env.REVIEW_SCREENSHOTS;
  if (pictures) await page.screenshot({ path: join(pictures, `review-${name}.png`) });
}
