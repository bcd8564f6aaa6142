import { MESSAGE_HEADER_BYTES } from "../../protocol/protocol-messages";

/** What becomes of a message: passed on as it comes, the same and its body told of, or neither it nor what follows. */
export type Handling = "pass" | "tell" | "stop";

const NOTHING = Buffer.alloc(0);

/**
 * Finds the messages in a stream, wherever its chunks are cut. What is passed on is held back by no more than the header of
 * a message, so that one can be stopped; bodies are not gathered but for those that are told of.
 */
export class Messages {
  /** The beginning of a header whose end is still to come. */
  private held = NOTHING;
  /** Bytes of the current body that are still to come. */
  private left = 0;
  private body: { readonly type: string; readonly parts: Buffer[] } | undefined;
  /** The length of one was none, and nobody knows where the next one begins. */
  private lost = false;
  private stopped = false;

  constructor(
    private readonly begins: (type: string) => Handling,
    private readonly told: (type: string, body: Buffer) => void = () => undefined,
  ) {}

  /** True between two messages. */
  get between(): boolean {
    return this.left === 0 && this.held.length === 0 && !this.lost;
  }

  /** @returns what is to be passed on */
  read(chunk: Buffer): Buffer {
    if (this.stopped) return NOTHING;
    if (this.lost) return chunk;
    const bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    this.held = NOTHING;
    let at = this.readBody(bytes, 0);
    while (this.left === 0 && at < bytes.length) {
      if (bytes.length - at < MESSAGE_HEADER_BYTES) {
        this.held = Buffer.from(bytes.subarray(at));
        return bytes.subarray(0, at);
      }
      const type = String.fromCharCode(bytes[at] ?? 0);
      this.left = bytes.readInt32BE(at + 1) - 4;
      if (this.left < 0) {
        this.lost = true;
        return bytes;
      }
      const handling = this.begins(type);
      if (handling === "stop") {
        this.left = 0;
        this.stopped = true;
        return bytes.subarray(0, at);
      }
      if (handling === "tell") this.body = { type, parts: [] };
      at = this.readBody(bytes, at + MESSAGE_HEADER_BYTES);
    }
    return bytes;
  }

  private readBody(bytes: Buffer, from: number): number {
    const part = bytes.subarray(from, from + this.left);
    this.left -= part.length;
    if (this.body) {
      this.body.parts.push(part);
      if (this.left === 0) {
        const { type, parts } = this.body;
        this.body = undefined;
        this.told(type, Buffer.concat(parts));
      }
    }
    return from + part.length;
  }
}
