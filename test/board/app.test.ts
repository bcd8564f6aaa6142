import { once } from "node:events";
import { get } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Board, startBoard } from "../../board/board";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import { BoardClient, messagesOf, nonceOf, typedOf } from "./board-client";
import { APP_USER, boardSettings, bySocket, ROLE_ARN, sql, startMigratedServer } from "./board-database";

const TIMEOUT = 60_000;
jest.setTimeout(TIMEOUT);

let server: EmbeddedServer;
let board: Board;
let client: BoardClient;
const logged: string[] = [];

beforeAll(async () => {
  server = await startMigratedServer();
  board = await startBoard(
    boardSettings(server),
    (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    bySocket(server),
  );
  client = new BoardClient(board.url);
}, TIMEOUT);
afterAll(async () => {
  await board?.stop();
  await server?.stop();
}, TIMEOUT);
beforeEach(async () => {
  await sql(server, "TRUNCATE messages.messages");
});

async function add(text: string): Promise<void> {
  const response = await client.post({ nonce: await client.nonce(), text });
  expect([text, response.status]).toEqual([text, 303]);
}

const page = async (path = "/") => (await client.get(path)).text();

describe("the board", () => {
  test("says so while there are no messages", async () => {
    expect(await page()).toContain("Nobody has written anything yet.");
  });

  test("shows a message that was added, and leads the browser to it", async () => {
    const response = await client.post({ nonce: await client.nonce(), text: "Hello" });
    const [row] = await sql(server, "SELECT id FROM messages.messages");
    expect([response.status, response.headers.get("location")]).toEqual([303, `/#message-${row?.id}`]);
    const html = await page();
    expect(messagesOf(html)).toEqual(["Hello"]);
    expect(html).toContain(`id="message-${row?.id}"`);
  });

  test("shows the newest first, 50 to a page, with every older one behind a link", async () => {
    await sql(
      server,
      "INSERT INTO messages.messages (submission, text) SELECT sha256(n::text::bytea), 'message ' || n FROM generate_series(1, 120) n",
    );
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let path: string | undefined = "/"; path; ) {
      const html: string = await page(path);
      sizes.push(messagesOf(html).length);
      seen.push(...messagesOf(html));
      path = /href="(\/\?before=\d+)"/.exec(html)?.[1];
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `message ${120 - index}`));
  });

  test("shows where it is connected", async () => {
    const html = await page();
    const [row] = await sql(server, "SELECT current_setting('server_version') AS version");
    for (const fact of [
      `localhost:${server.port}`,
      APP_USER,
      ROLE_ARN,
      `PostgreSQL ${row?.version}`,
      "(this page)",
    ]) {
      expect(html.replaceAll("<wbr>", "")).toContain(fact);
    }
    // By the Unix socket, there is neither.
    expect(html).toContain("<dt>Encryption</dt><dd>none</dd>");
    expect(html).toContain("none; the server asked for none");
    expect(html.replaceAll(/<[^>]*>|\s+/g, " ").replaceAll(/ +/g, " ")).toContain(
      `Connected as ${APP_USER} to board at localhost : nobody asked for a token, not encrypted.`,
    );
  });

  test("one form sent five times at once adds one message, and each answer leads to it", async () => {
    const form = { nonce: await client.nonce(), text: "once" };
    const responses = await Promise.all(Array.from({ length: 5 }, () => client.post(form)));
    expect(responses.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
    expect(new Set(responses.map(({ headers }) => headers.get("location"))).size).toBe(1);
    expect(messagesOf(await page())).toEqual(["once"]);
  });

  test("a form that comes back from the browser's history with another text adds another message", async () => {
    const nonce = await client.nonce();
    await client.post({ nonce, text: "first" });
    await client.post({ nonce, text: "second" });
    expect(messagesOf(await page())).toEqual(["second", "first"]);
  });
});

describe("a message", () => {
  test.each([
    ["markup", `<script>alert(1)</script><img src=x onerror=alert(1)> & "'`],
    ["the end of the box it is typed in", "</textarea></p></li></ol></main>"],
    ["marks of the writing direction", "\u202Egnihton\u202C \u2067abc\u2066 שלום"],
    ["characters of four bytes", "👩‍👩‍👧‍👦 𝕊𝕢𝕝 🏳️‍🌈"],
    ["SQL", `'); DROP TABLE messages.messages; -- \\ $1 %s`],
    ["several lines", "one\n\n  two\tthree"],
    ["500 characters of four bytes", "😀".repeat(500)],
    ["one word that is too long for any line", "x".repeat(500)],
  ])("with %s stays the text it is", async (_, text) => {
    await add(text);
    const html = await page();
    expect(messagesOf(html)).toEqual([text]);
    expect(html).not.toMatch(/<script|<img/);
  });

  test("loses the control characters that PostgreSQL or the page cannot have", async () => {
    await add("a\u0000b\u0007c\u001b[31md\u0085e\r\nf");
    expect(messagesOf(await page())).toEqual(["abc[31mde\nf"]);
  });

  test("of bytes that are no UTF-8 becomes text all the same", async () => {
    const body = Buffer.concat([
      Buffer.from(`nonce=${await client.nonce()}&text=a`),
      Buffer.from([0xff, 0xc0, 0x80]),
    ]);
    const response = await client.get("/messages", {
      method: "POST",
      body,
      headers: { Origin: board.url, "Content-Type": "application/x-www-form-urlencoded" },
    });
    expect(response.status).toBe(303);
    expect(messagesOf(await page())).toEqual(["a\uFFFD\uFFFD\uFFFD"]);
  });

  test.each([
    ["nothing", "", "Write a message first."],
    ["spaces and lines", " \r\n\t ", "Write a message first."],
    ["characters that nobody sees", "\u200B\u202E\u00A0\u0000", "Write a message first."],
    [
      "501 characters",
      "ä".repeat(501),
      "Shorten the message by 1: it has 501 characters, and 500 is the most.",
    ],
  ])("of %s is refused, with the reason at the box and the text in it", async (_, text, reason) => {
    const nonce = await client.nonce();
    const response = await client.post({ nonce, text });
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain(`<p class="error" id="error" role="alert">${reason}</p>`);
    expect(html).toMatch(/aria-describedby="error hint"\s+aria-invalid="true" autofocus/);
    expect(html).toContain("<title>Error – Message board</title>");
    // The browser turns CR LF into LF, and the box's parser NUL into U+FFFD; the rest is as it was typed.
    expect(typedOf(html)).toBe(text);
    expect(nonceOf(html)).toBe(nonce);
    expect(messagesOf(html)).toEqual([]);
  });

  test("that starts with empty lines is kept with them when it is refused", async () => {
    const text = `\n\n${"x".repeat(501)}`;
    const html = await (await client.post({ nonce: await client.nonce(), text })).text();
    expect(typedOf(html)).toBe(text);
  });

  test.each(["", "1", "x".repeat(36)])(
    "without the form's nonce (%j) is refused, with the text in a form that works",
    async (nonce) => {
      const response = await client.post({ ...(nonce === "" ? {} : { nonce }), text: "kept" });
      const html = await response.text();
      expect([response.status, typedOf(html), messagesOf(html)]).toEqual([422, "kept", []]);
      expect((await client.post({ nonce: nonceOf(html), text: "kept" })).status).toBe(303);
    },
  );
});

describe("a request is refused", () => {
  const form = async () => ({ nonce: await client.nonce(), text: "from elsewhere" });

  test.each([
    ["another site", { Origin: "https://evil.example" }],
    ["a page without an origin", { Origin: "null" }],
    ["another port of this host", { Origin: "http://127.0.0.1:1" }],
    [
      "another site, by what the browser says",
      { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" },
    ],
    ["a sister site", { Origin: "https://a.example", "Sec-Fetch-Site": "same-site" }],
    ["a host name that ours begins", { Origin: "http://127.0.0.1.evil.example" }],
  ])("when the form comes from %s", async (_, headers) => {
    const response = await client.post(await form(), headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("This form came from elsewhere");
    expect(await sql(server, "SELECT FROM messages.messages")).toEqual([]);
  });

  test("when nothing says where the form comes from", async () => {
    const body = new URLSearchParams(await form());
    expect((await client.get("/messages", { method: "POST", body })).status).toBe(403);
  });

  test("unless it comes from the board behind a load balancer that ends TLS", async () => {
    const { host } = new URL(board.url);
    expect((await client.post(await form(), { Origin: `https://${host}` })).status).toBe(303);
  });

  test("when the body is too large, whether or not it says its length", async () => {
    const large = "x".repeat(1024 * 1024);
    expect((await client.post({ ...(await form()), text: large })).status).toBe(413);
    const stream = new Blob([`text=${large}`]).stream();
    const response = await fetch(`${board.url}/messages`, {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { Origin: board.url, "Content-Type": "application/x-www-form-urlencoded" },
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.text()).toContain("at most 500 characters");
  });

  test.each([
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json",
    "application/x-www-form-urlencodedx",
  ])("when its content is %s", async (type) => {
    expect((await client.post(await form(), { "Content-Type": type })).status).toBe(415);
  });

  test.each([
    ["GET", "/messages", "POST"],
    ["POST", "/", "GET, HEAD"],
    ["PUT", "/messages", "POST"],
    ["DELETE", "/readyz", "GET, HEAD"],
  ])("when %s is not what %s does", async (method, path, allow) => {
    const response = await client.get(path, { method, headers: { Origin: board.url } });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(await response.text()).toContain("This page does not do that");
  });

  test.each([
    "/nothing",
    "/messages/1",
    "/?before=x",
    "/?before=-1",
    "/?before=99999999999999999999",
    "/%00",
    "/..%2f",
  ])("when there is no page %s", async (path) => {
    const response = await client.get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("There is no such page");
  });
});

test("a page by another name that leads to its address is refused, with the same headers", async () => {
  const asked = get(board.url, { headers: { Host: `evil.example:${new URL(board.url).port}` } });
  const [response] = await once(asked, "response");
  response.resume();
  expect([response.statusCode, response.headers["x-frame-options"]]).toEqual([421, "DENY"]);
});

test("who asks too often by one address is refused, whatever it says of where it comes from", async () => {
  const limits = { client: 2, all: 100 };
  const limited = await startBoard({ ...boardSettings(server), limits }, () => {}, bySocket(server));
  try {
    const statuses: number[] = [];
    for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) {
      const headers = { "X-Forwarded-For": address };
      statuses.push((await new BoardClient(limited.url).get("/", { headers })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  } finally {
    await limited.stop();
  }
});

test("every answer carries the security headers, errors included", async () => {
  const responses = await Promise.all([
    client.get("/"),
    client.get("/nothing"),
    client.get("/messages"),
    client.get("/messages", { method: "POST", body: new URLSearchParams() }),
    client.get("/livez"),
    client.get("/style.css"),
  ]);
  expect(responses.map(({ status }) => status)).toEqual([200, 404, 405, 403, 200, 200]);
  for (const { headers } of responses) {
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy":
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    });
    expect(headers.get("x-powered-by")).toBeNull();
  }
  expect(responses[0]?.headers.get("cache-control")).toBe("no-store");
  expect(responses[5]?.headers.get("cache-control")).toContain("immutable");
});

test("the page has no script, no inline style and nothing from elsewhere", async () => {
  await add("x");
  const html = await page();
  expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
  const addresses = [...html.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses.length).toBeGreaterThan(4);
  expect(addresses.filter((address) => !/^[/#](?!\/)/.test(address ?? ""))).toEqual([]);
});

test("the probes answer, and the log says neither them nor what anybody wrote", async () => {
  logged.length = 0;
  await add("a private word");
  expect(await (await client.get("/livez")).text()).toBe("ok");
  expect(await (await client.get("/readyz")).text()).toBe("ok");
  await client.get("/no\u2028such%0apage");
  const lines = logged.map((line) => JSON.parse(line));
  expect(lines.map(({ method, path, status }) => [method, path, status])).toEqual([
    ["GET", "/", 200],
    ["POST", "/messages", 303],
    ["GET", expect.stringContaining("such"), 404],
  ]);
  expect(logged.join("")).not.toMatch(/private|\n/);
});

test("before the migration has run, the page and the probe say so, and afterwards it works", async () => {
  await sql(server, "ALTER TABLE messages.messages RENAME TO hidden");
  try {
    const reason = "The table of messages is not there: the migration has not run.";
    const ready = await client.get("/readyz");
    expect([ready.status, await ready.text()]).toEqual([503, reason]);
    const response = await client.get();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await response.text()).toContain(reason);
  } finally {
    await sql(server, "ALTER TABLE messages.hidden RENAME TO messages");
  }
  expect((await client.get("/readyz")).status).toBe(200);
});

test("the board's own login cannot create, change or drop a table", async () => {
  const app = await server.connect({ user: APP_USER, database: "board" });
  for (const statement of [
    "CREATE TABLE messages.mine (id int)",
    "CREATE TABLE public.mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "ALTER TABLE messages.messages ADD mine int",
    "DROP TABLE messages.messages",
    "TRUNCATE messages.messages",
  ]) {
    await expect(app.query(statement)).rejects.toMatchObject({ code: "42501" });
  }
  await app.end();
});
