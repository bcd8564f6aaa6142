import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import { UserError } from "../../lib/user-error";

/** Where GitHub's API is, and who asks. */
export interface GitHubOptions {
  /** Such as `https://api.github.com`. */
  readonly url: string;
  /** Address of the GraphQL API. @default that of `url` */
  readonly graphqlUrl?: string;
  /** It is in no error and no output. */
  readonly token: string;
  /** @default that of Node.js */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Waits so many milliseconds. @default it does */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** GitHub said no, or nothing that can be used. */
export class GitHubRefusal extends UserError {
  /** @param status of HTTP; 0 when there was no answer */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super([message]);
  }
}

const TIMEOUT_MS = 20_000;
const ATTEMPTS = 4;
const PAGE = 100;
/** Of what is more, nobody could say whether the last of it was seen. */
const MOST_PAGES = 100;
/** A limit that lasts longer than this is somebody else's to wait for. */
const LONGEST_WAIT_S = 120;

/**
 * GitHub's API, as far as this project needs it. Whatever is not the answer that was expected is an error, after some
 * attempts where another may help: who asks must not take it for "nothing there".
 */
export class GitHub {
  private readonly fetch: NonNullable<GitHubOptions["fetch"]>;
  private readonly wait: NonNullable<GitHubOptions["wait"]>;

  constructor(private readonly options: GitHubOptions) {
    this.fetch = options.fetch ?? fetch;
    this.wait = options.wait ?? pause;
  }

  /** @throws GitHubRefusal with the status, such as 404 */
  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return expected(`GET ${path}`, await this.request("GET", path), schema);
  }

  /** All entries of a list, page after page, in GitHub's order. */
  async list<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
    const found: T[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const paged = `${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`;
      const entries = await this.get(paged, schema.array());
      found.push(...entries);
      if (entries.length < PAGE) return found;
    }
    throw new GitHubRefusal(
      0,
      `GitHub: ${path} has more than ${MOST_PAGES * PAGE} entries; not all were read`,
    );
  }

  /** Changes something. */
  async send(method: "POST" | "PATCH", path: string, body: unknown): Promise<void> {
    await this.request(method, path, body);
  }

  /** Asks the GraphQL API; `query` must change nothing, since it may be asked twice. */
  async query<T>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
  ): Promise<T> {
    const url = this.options.graphqlUrl ?? `${this.options.url}/graphql`;
    const answer = await this.request("POST", url, { query, variables }, true);
    const { data, errors } = await json(answer, "GraphQL");
    const [error] = Array.isArray(errors) ? errors : [];
    if (error) throw new GitHubRefusal(200, `GitHub: GraphQL: ${this.safe(String(error.message))}`);
    return matching("GraphQL", data, schema);
  }

  /**
   * What a path leads to, of at most so many bytes. It may be at another address, which does not learn the token.
   */
  async download(path: string, most: number): Promise<Buffer> {
    let answer = await this.request("GET", path);
    const location = answer.headers.get("location");
    if (location !== null) {
      answer = await this.fetch(location, { signal: AbortSignal.timeout(TIMEOUT_MS * 3) }).catch((error) => {
        throw new GitHubRefusal(0, `GitHub: GET ${path}: what it leads to cannot be read: ${reason(error)}`);
      });
      if (!answer.ok) {
        throw new GitHubRefusal(answer.status, `GitHub: GET ${path}: what it leads to: ${answer.status}`);
      }
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of answer.body ?? []) {
      parts.push(part);
      size += part.length;
      if (size > most) throw new GitHubRefusal(0, `GitHub: GET ${path}: more than ${most} bytes`);
    }
    return Buffer.concat(parts);
  }

  private async request(
    method: string,
    path: string,
    body?: unknown,
    again: boolean = method !== "POST",
  ): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.attempt(method, path, body);
      if (answer instanceof Response && answer.status < 400) return answer;
      const seconds = attempt < ATTEMPTS ? waitBefore(answer, again, attempt) : undefined;
      if (seconds === undefined) throw await this.refusal(`${method} ${path}`, answer);
      await this.wait(seconds * 1000);
    }
  }

  /** The answer, or why there is none. */
  private async attempt(method: string, path: string, body: unknown): Promise<Response | string> {
    const url = /^https?:/.test(path) ? path : `${this.options.url}${path}`;
    try {
      return await this.fetch(url, {
        method,
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${this.options.token}`,
          "user-agent": "aurora-passwordless",
          "x-github-api-version": "2022-11-28",
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      return reason(error);
    }
  }

  private async refusal(what: string, answer: Response | string): Promise<GitHubRefusal> {
    if (typeof answer === "string") {
      return new GitHubRefusal(0, `GitHub: ${what}: no answer: ${this.safe(answer)}`);
    }
    const text = await answer.text().catch(() => "");
    const advice = limited(answer)
      ? " Its rate limit is used up; run this again later."
      : [401, 403, 404].includes(answer.status)
        ? " Either it is not there, or the token lacks a permission: docs/reviewing.md lists them."
        : "";
    return new GitHubRefusal(
      answer.status,
      `GitHub: ${what}: ${answer.status} ${this.safe(messageOf(text))}.${advice}`,
    );
  }

  /** A text from outside as part of an error: short, and without the token, should anything have echoed it. */
  private safe(text: string): string {
    return text.replaceAll(this.options.token, "…").slice(0, 300);
  }
}

/** Seconds to wait before another attempt; undefined when none would help, or none may be made. */
function waitBefore(answer: Response | string, again: boolean, attempt: number): number | undefined {
  const soon = 2 ** (attempt - 1);
  if (typeof answer === "string") return again ? soon : undefined;
  if (limited(answer)) {
    const after = Number(answer.headers.get("retry-after") ?? Number.NaN);
    const reset = Number(answer.headers.get("x-ratelimit-reset") ?? Number.NaN) - Date.now() / 1000;
    const seconds = Math.max(1, Number.isFinite(after) ? after : Number.isFinite(reset) ? reset : 60);
    return seconds <= LONGEST_WAIT_S ? seconds : undefined;
  }
  return again && answer.status >= 500 ? soon : undefined;
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function limited({ status, headers }: Response): boolean {
  if (status === 429) return true;
  return status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0");
}

async function expected<T>(what: string, answer: Response, schema: z.ZodType<T>): Promise<T> {
  return matching(what, await json(answer, what), schema);
}

function matching<T>(what: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GitHubRefusal(
    200,
    `GitHub: ${what}: the answer is not as expected at ${issue?.path.join(".") || "its top"}: ${issue?.message}`,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: looked at by a schema
async function json(answer: Response, what: string): Promise<any> {
  try {
    return await answer.json();
  } catch {
    throw new GitHubRefusal(answer.status, `GitHub: ${what}: the answer is no JSON`);
  }
}

function messageOf(text: string): string {
  try {
    return String(JSON.parse(text).message ?? "").replace(/\.$/, "") || "without a reason";
  } catch {
    return "without a reason";
  }
}

function reason(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
