/** What a browser would send to a board and read from it. */
export class BoardClient {
  constructor(private readonly url: string) {}

  get(path = "/", init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { redirect: "manual", ...init });
  }

  /** The nonce in a fresh form. */
  async nonce(): Promise<string> {
    return nonceOf(await (await this.get()).text());
  }

  /** Sends the form from the board's own page. */
  post(fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}): Promise<Response> {
    return this.get("/messages", {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Origin: this.url, ...headers },
    });
  }
}

/** The nonce of the form in a page. */
export function nonceOf(page: string): string {
  return /name="nonce" value="([^"]*)"/.exec(page)?.[1] ?? "";
}

/** The text in the form's box, as a browser would show it. */
export function typedOf(page: string): string | undefined {
  const raw = /<textarea[^>]*>\n([\s\S]*?)<\/textarea>/.exec(page)?.[1];
  return raw === undefined ? undefined : unescaped(raw);
}

/** The messages of a page, newest first. */
export function messagesOf(page: string): string[] {
  return [...page.matchAll(/<p class="text" dir="auto">([\s\S]*?)<\/p>/g)].map(([, text]) =>
    unescaped(text ?? ""),
  );
}

function unescaped(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };
  return text.replace(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => characters[name] ?? "");
}
