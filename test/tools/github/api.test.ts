import { expect, test } from "@jest/globals";
import { z } from "zod";
import { GitHub, GitHubRefusal } from "../../../tools/github/api";
import { AUTHOR, FakeGitHub, REPOSITORY, TOKEN } from "./fake-github";

const COMMENTS = `/repos/${REPOSITORY}/issues/12/comments`;
const status = (code: number, headers?: Record<string, string>, message = "No") =>
  Response.json({ message }, { status: code, ...(headers && { headers }) });

test("a list is read page after page, to its end", async () => {
  const github = new FakeGitHub();
  for (const length of [0, 99, 100, 101, 250]) {
    github.knows.comments = Array.from({ length }, (_, id) => ({ id, body: "", user: AUTHOR }));
    const found = await github.api.list(COMMENTS, z.object({ id: z.number() }));
    expect(found.map(({ id }) => id)).toEqual(Array.from({ length }, (_, id) => id));
  }
});

test("a list without an end is an error", async () => {
  const github = new FakeGitHub();
  github.broken.push({ path: /comments/, answer: () => Response.json(Array(100).fill({})) });
  await expect(github.api.list(COMMENTS, z.object({}))).rejects.toThrow("not all were read");
});

test.each([
  ["500", () => status(500)],
  ["502", () => status(502)],
  ["a broken connection", () => "ECONNRESET"],
])("after %s, reading is tried again, a few times and ever later", async (_, failure) => {
  const github = new FakeGitHub();
  github.failures.push(failure(), failure(), failure());
  expect(await github.api.list(COMMENTS, z.object({}))).toEqual([]);
  expect(github.waited).toEqual([1, 2, 4]);
  github.failures.push(failure(), failure(), failure(), failure());
  await expect(github.api.list(COMMENTS, z.object({}))).rejects.toThrow(/^GitHub: GET .*comments/);
});

test.each([400, 401, 403, 404, 422])("%i is an answer, and not asked for again", async (code) => {
  const github = new FakeGitHub();
  github.failures.push(status(code));
  await expect(github.api.get(COMMENTS, z.unknown())).rejects.toMatchObject({ status: code });
  expect(github.requests).toHaveLength(1);
});

test("what is written is not written twice, unless GitHub says that it was not", async () => {
  const github = new FakeGitHub();
  github.failures.push(status(502));
  await expect(github.api.send("POST", COMMENTS, { body: "x" })).rejects.toThrow("502");
  github.failures.push("ECONNRESET");
  await expect(github.api.send("POST", COMMENTS, { body: "x" })).rejects.toThrow("ECONNRESET");
  github.failures.push(status(429, { "retry-after": "7" }));
  await github.api.send("POST", COMMENTS, { body: "x" });
  expect(github.knows.comments).toHaveLength(1);
  expect(github.waited).toEqual([7]);
});

test("a rate limit is waited out when it ends soon, and named when it does not", async () => {
  const github = new FakeGitHub();
  const reset = (seconds: number) => ({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + seconds),
  });
  github.failures.push(status(403, reset(30)), status(403, { "retry-after": "5" }), status(429));
  expect(await github.api.list(COMMENTS, z.object({}))).toEqual([]);
  const [first, ...others] = github.waited;
  expect(Math.abs(30 - (first ?? 0))).toBeLessThan(3);
  expect(others).toEqual([5, 60]);
  github.failures.push(status(403, reset(3000)));
  await expect(github.api.list(COMMENTS, z.object({}))).rejects.toThrow("rate limit is used up");
});

test("the token is in no error, whatever GitHub or the network says", async () => {
  const github = new FakeGitHub();
  for (const failure of [status(401, undefined, `Bad credentials: ${TOKEN}`), `bad header ${TOKEN}`]) {
    github.failures.push(...Array(4).fill(failure));
    const error: unknown = await github.api.get(COMMENTS, z.unknown()).catch((each: unknown) => each);
    github.failures.length = 0;
    expect(error).toBeInstanceOf(GitHubRefusal);
    expect(String(error)).not.toContain(TOKEN);
  }
  github.broken.push({
    path: /graphql/,
    answer: () => Response.json({ errors: [{ message: `for ${TOKEN}` }] }),
  });
  await expect(github.api.query("{}", {}, z.unknown())).rejects.toThrow(/^GitHub: GraphQL: for …$/);
});

test("what a download leads to elsewhere does not learn the token", async () => {
  const github = new FakeGitHub();
  github.knows.archives[7] = Buffer.from("archive");
  const found = await github.api.download(`/repos/${REPOSITORY}/actions/artifacts/7/zip`, 7);
  expect(found.toString()).toBe("archive");
  expect(github.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${TOKEN}`, null]);
  expect(github.requests[0]?.redirect).toBe("manual");
});

test("a download that is too large, or not there, is an error", async () => {
  const github = new FakeGitHub();
  github.knows.archives[7] = Buffer.from("archive");
  const at = (id: number) => `/repos/${REPOSITORY}/actions/artifacts/${id}/zip`;
  await expect(github.api.download(at(7), 6)).rejects.toThrow("more than 6 bytes");
  await expect(github.api.download(at(8), 6)).rejects.toThrow("what it leads to: 404");
});

test("an answer that is no JSON is an error", async () => {
  const github = new FakeGitHub();
  github.failures.push(new Response("<html>"));
  await expect(github.api.get(COMMENTS, z.unknown())).rejects.toThrow("no JSON");
});

test("a connection that says nothing ends", async () => {
  let signal: AbortSignal | null | undefined;
  const api = new GitHub({
    url: "https://api.github.test",
    token: TOKEN,
    fetch: async (_, init) => {
      signal = init.signal;
      return Response.json({});
    },
  });
  await api.get("/", z.object({}));
  expect(signal).toBeInstanceOf(AbortSignal);
});
