import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import { eventually } from "../helpers/eventually";
import { testUnless } from "../helpers/skip";
import { BoardBundle, type BoardProcess } from "./board-bundle";
import { sql, startMigratedServer } from "./board-database";
import { lowContrast, pageWidth, styles } from "./in-page";
import { TokenRelay } from "./token-relay";

const TIMEOUT = 120_000;
const CHROMIUM = "/usr/bin/chromium";
const missing = existsSync(CHROMIUM) ? undefined : `there is no ${CHROMIUM}`;

/** Not a loopback name: there, browsers treat plain HTTP as if it were safe. Inside a cluster they do not. */
const HOST = "board.test";

let server: EmbeddedServer;
let bundle: BoardBundle;
let relay: TokenRelay;
let board: BoardProcess;
let url: string;
let profile: string;
let context: BrowserContext;
let page: Page;
let complaints: string[];
let requests: string[];

beforeAll(async () => {
  if (missing) return;
  bundle = new BoardBundle();
  server = await startMigratedServer();
  relay = await TokenRelay.before(server);
  board = await bundle.start({ ...bundle.variables(relay), ALLOWED_HOSTS: HOST });
  url = `http://${HOST}:${new URL(board.url).port}/`;
  profile = mkdtempSync(join(tmpdir(), "chromium-"));
  context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP *.test 127.0.0.1`,
    ],
  });
}, TIMEOUT);
afterAll(async () => {
  await context?.close();
  await board?.kill();
  await relay?.stop();
  await server?.stop();
  bundle?.remove();
  if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}, TIMEOUT);
beforeEach(async () => {
  if (missing) return;
  await sql(server, "TRUNCATE messages.messages");
  page = await context.newPage();
  complaints = [];
  requests = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
}, TIMEOUT);
afterEach(() => page?.close());

function promise(name: string, run: () => Promise<void>): void {
  testUnless(missing, name, run, TIMEOUT);
}

const textBox = () => page.getByRole("textbox", { name: "Add a message" });
const messages = () => page.locator(".messages .text").allTextContents();

async function add(text: string): Promise<void> {
  await page.goto(url);
  await textBox().fill(text);
  await page.getByRole("button", { name: "Add" }).click();
  await page.waitForURL(/#message-\d+$/);
}

describe("in a browser", () => {
  promise("a message is added by keyboard alone, and is there after a reload", async () => {
    await page.goto(url);
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to the main part");
    expect((await page.locator(":focus").boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").getAttribute("name")).toBe("text");
    await page.keyboard.type("By keyboard");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#message-\d+$/);
    expect(await messages()).toEqual(["By keyboard"]);
    await page.reload();
    expect(await messages()).toEqual(["By keyboard"]);
    expect(await textBox().inputValue()).toBe("");
  });

  promise("every stop of the Tab key shows where it is", async () => {
    await add("A message");
    await page.goto(url);
    const stops: string[] = [];
    for (let number = 0; number < 4; number++) {
      await page.keyboard.press("Tab");
      const focus = page.locator(":focus");
      const { outlineStyle } = await focus.evaluate(styles);
      stops.push(`${await focus.evaluate(({ tagName }) => tagName)} ${outlineStyle}`);
    }
    expect(stops).toEqual(["A solid", "A solid", "TEXTAREA solid", "BUTTON solid"]);
  });

  promise("a hostile message stays text, within its own lines", async () => {
    const hostile = `<script>alert(1)</script><img src=x onerror=alert(2)></li></ol><h1>mine</h1>\u202Eesrever`;
    await add(hostile);
    expect(await messages()).toEqual([hostile]);
    expect(await page.locator("script, img, main h1:not(.hidden)").count()).toBe(0);
    // Isolated, a mark of the writing direction ends with the message.
    expect(await page.locator(".text").evaluate(styles)).toMatchObject({
      direction: "ltr",
      unicodeBidi: expect.stringMatching(/^(isolate|plaintext)$/),
    });
    expect(complaints).toEqual([]);
  });

  promise("nothing is asked of anybody else, and the browser has nothing to complain about", async () => {
    await add("x");
    expect(complaints).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(url))).toEqual([]);
    expect(requests.some((request) => request.includes("/style.css"))).toBe(true);
  });

  promise("another site's page cannot add a message", async () => {
    await page.goto(url);
    const nonce = await page.locator("input[name=nonce]").inputValue();
    // The same server by another name is another site.
    const other = board.url.replace("127.0.0.1", "localhost");
    await page.route(`${other}/evil`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<form method=post action="${url}messages"><input name=nonce value="${nonce}"><input name=text value=evil><button>Win</button></form>`,
      }),
    );
    await page.goto(`${other}/evil`);
    await page.getByRole("button").click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("This form came from elsewhere");
    await page.goto(url);
    expect(await messages()).toEqual([]);
  });

  promise("a mistake is shown at the box, with the text in it and the cursor there", async () => {
    await page.goto(url);
    const text = "x".repeat(501);
    await textBox().fill(text);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Shorten the message by 1");
    expect(await page.locator(":focus").getAttribute("aria-describedby")).toBe("error hint");
    expect(await textBox().inputValue()).toBe(text);
  });

  promise("a message typed while the database is down is kept, and added once it is back", async () => {
    await page.goto(url);
    await textBox().fill("Patience");
    const restart = server.restart({ downFor: 3_000 });
    await eventually(async () => (await fetch(`${board.url}/readyz`)).status === 503);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("The database cannot be reached.");
    expect(await page.title()).toBe("Database unavailable – Message board");
    expect(await textBox().inputValue()).toBe("Patience");
    await expectReadable("the error page");
    await screenshot("database-down");
    await restart;
    await eventually(async () => (await fetch(`${board.url}/readyz`)).status === 200);
    await page.getByRole("button", { name: "Add" }).click();
    await page.waitForURL(/#message-\d+$/);
    expect(await messages()).toEqual(["Patience"]);
    expect(board.ended).toBeUndefined();
  });

  promise("it has the landmarks, names and language that screen readers go by", async () => {
    await add("A message");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    for (const role of ["banner", "main", "complementary"] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    const headings = await page
      .getByRole("heading")
      .evaluateAll((all) => all.map(({ tagName, textContent }) => `${tagName} ${textContent}`));
    expect(headings).toEqual([
      "H1 Message board",
      "H2 Add a message",
      "H2 Messages",
      "H2 Where this is connected",
    ]);
    await page.getByRole("region", { name: "Messages" }).waitFor();
    await page.getByRole("table", { name: "Connections in the pool" }).waitFor();
  });
});

describe("it is readable", () => {
  for (const scheme of ["light", "dark"] as const) {
    promise(`in ${scheme} colours, each with a contrast of 4.5 at least`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      await add("A message\nof two lines");
      await add(
        "Another one: a long sentence, so that the page can be seen with lines that break where there is no more room for them.",
      );
      await expectReadable("the board");
      await screenshot(scheme);
      await textBox().fill(" ");
      await page.getByRole("button", { name: "Add" }).click();
      await page.getByRole("alert").waitFor();
      await expectReadable("the form with an error");
      await screenshot(`mistake-${scheme}`);
      await page.goto(`${url}nothing`);
      await expectReadable("the error page");
    });
  }

  promise("in dark colours that are not the light ones", async () => {
    const colours: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(url);
      colours.push((await page.locator("body").evaluate(styles)).backgroundColor);
    }
    expect(colours).toEqual(["rgb(246, 245, 241)", "rgb(20, 25, 27)"]);
  });

  promise("on a phone, what it is connected to without scrolling, and the box to write in, too", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url);
    const line = page.getByRole("banner");
    expect((await line.textContent())?.replaceAll(/\s+/g, " ")).toContain(
      "Connected as message_board to board at localhost: IAM token, no password, TLS 1.3.",
    );
    for (const seen of [line, page.getByRole("button", { name: "Add" })]) {
      const box = await seen.boundingBox();
      expect((box?.y ?? 844) + (box?.height ?? 0)).toBeLessThan(844);
    }
  });

  promise("when it refuses a name or too many requests, in the same design", async () => {
    const stranger = url.replace(HOST, "evil.test");
    for (const [address, heading] of [
      [stranger, "The board is not known by this name"],
      [`${url}messages`, "This page does not do that"],
    ] as const) {
      const response = await page.goto(address);
      expect(response?.status()).toBeGreaterThanOrEqual(400);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(heading);
      expect((await page.locator("body").evaluate(styles)).backgroundColor).toBe("rgb(246, 245, 241)");
      await expectReadable(heading);
    }
  });

  promise("on a phone, and at 320 pixels, without scrolling sideways", async () => {
    await add("x".repeat(500));
    await add(`https://example.com/${"a".repeat(200)}`);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(url);
      expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(width);
      const button = await page.getByRole("button", { name: "Add" }).boundingBox();
      expect(button?.height).toBeGreaterThanOrEqual(44);
      if (width === 390) await screenshot("phone");
    }
  });
});

async function expectReadable(what: string): Promise<void> {
  expect([what, await page.evaluate(lowContrast)]).toEqual([what, []]);
}

/** Keeps a picture where BOARD_SCREENSHOTS names a folder for them. */
async function screenshot(name: string): Promise<void> {
  const folder = process.env.BOARD_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `board-${name}.png`), fullPage: true });
}
