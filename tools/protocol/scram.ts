import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { readPasswordMessage } from "./password";
import { AUTHENTICATION, MESSAGE_HEADER_BYTES, type Message, message } from "./protocol-messages";
import { protocolViolation } from "./refusal";

/** What a server keeps in place of a password. */
export interface ScramVerifier {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Without channel binding, which takes TLS. */
const MECHANISM = "SCRAM-SHA-256";

/** As PostgreSQL; the least that RFC 7677 lets clients take. */
const ITERATIONS = 4096;

/** @param password of printable ASCII, which needs no normalisation */
export function scramVerifier(password: string): ScramVerifier {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  return {
    salt,
    iterations: ITERATIONS,
    storedKey: sha256(hmac(salted, "Client Key")),
    serverKey: hmac(salted, "Server Key"),
  };
}

/**
 * Asks a client for a password by SCRAM-SHA-256: it proves that it knows it, and is proven that this side does, and
 * nobody sends it.
 * @returns whether it knows the password; it is then to be told that it is logged in
 * @throws Refusal for messages that are none
 * @see https://www.rfc-editor.org/rfc/rfc5802 https://www.postgresql.org/docs/current/sasl-authentication.html
 */
export async function authenticateByScram(client: Socket, verifier: ScramVerifier): Promise<boolean> {
  client.write(request(AUTHENTICATION.sasl, `${MECHANISM}\0\0`));
  const { gs2, bare, nonce } = readFirst(await readPasswordMessage(client));
  const fullNonce = `${nonce}${randomBytes(18).toString("base64")}`;
  const challenge = `r=${fullNonce},s=${verifier.salt.toString("base64")},i=${verifier.iterations}`;
  client.write(request(AUTHENTICATION.saslContinue, challenge));
  const { binding, nonce: repeated, withoutProof, proof } = readFinal(await readPasswordMessage(client));
  if (binding !== Buffer.from(gs2).toString("base64")) throw malformed("channel binding");
  if (repeated !== fullNonce) throw malformed("nonce");
  const said = `${bare},${challenge},${withoutProof}`;
  const key = xor(proof, hmac(verifier.storedKey, said));
  if (!timingSafeEqual(sha256(key), verifier.storedKey)) return false;
  const signature = hmac(verifier.serverKey, said).toString("base64");
  client.write(request(AUTHENTICATION.saslFinal, `v=${signature}`));
  return true;
}

function request(code: number, text: string): Buffer {
  const body = Buffer.alloc(4);
  body.writeInt32BE(code);
  return message("R", Buffer.concat([body, Buffer.from(text)]));
}

/** The user's name in it is not looked at, as in PostgreSQL: that of the startup packet counts. */
function readFirst({ bytes }: Message) {
  const body = bytes.subarray(MESSAGE_HEADER_BYTES);
  const [name, header] = [`${MECHANISM}\0`, MECHANISM.length + 1 + 4];
  if (!body.toString("latin1").startsWith(name)) throw malformed("mechanism");
  const data = body.toString("latin1", header);
  if (body.length < header || body.readInt32BE(name.length) !== data.length) throw malformed("length");
  const [, gs2 = "", bare = "", nonce] = /^([ny],,)(n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+))$/.exec(data) ?? [];
  if (nonce === undefined) throw malformed("first message");
  return { gs2, bare, nonce };
}

function readFinal({ bytes }: Message) {
  const [, withoutProof = "", binding, nonce, encoded = ""] =
    /^(c=([^,]*),r=([^,]*)),p=([A-Za-z0-9+/]{43}=)$/.exec(bytes.toString("latin1", MESSAGE_HEADER_BYTES)) ??
    [];
  if (nonce === undefined) throw malformed("final message");
  return { withoutProof, binding, nonce, proof: Buffer.from(encoded, "base64") };
}

function malformed(what: string) {
  return protocolViolation(`malformed SCRAM message: ${what}`);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text, "latin1").digest();
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function xor(one: Buffer, other: Buffer): Buffer {
  return one.map((byte, index) => byte ^ (other[index] ?? 0)) as Buffer;
}
