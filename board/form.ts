import { randomUUID } from "node:crypto";
import type { HonoRequest } from "hono";

/** What the form to add a message sends. */
export interface MessageForm {
  /** Names one filling-in of the form; undefined when it is missing or not one of ours. */
  readonly nonce?: string;
  /** What was typed. */
  readonly text: string;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A name for a form that has never been sent. */
export function newNonce(): string {
  return randomUUID();
}

/** Reads the form; undefined when the body is of another type, or broke off. */
export async function readForm(request: HonoRequest): Promise<MessageForm | undefined> {
  const type = request.header("Content-Type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return undefined;
  // Bytes that are no UTF-8 become U+FFFD here, so PostgreSQL never meets them.
  const body = await request.text().catch(() => undefined);
  if (body === undefined) return undefined;
  const fields = new URLSearchParams(body);
  const nonce = fields.get("nonce") ?? "";
  return { nonce: UUID.test(nonce) ? nonce : undefined, text: fields.get("text") ?? "" };
}
