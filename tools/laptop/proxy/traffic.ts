import { Messages } from "./messages";

/** Messages of a client that the server ends its answer to with ReadyForQuery: Query, Sync and FunctionCall. */
const ASKING = ["Q", "S", "F"];

/** What a server says in ReadyForQuery outside of a transaction. */
const IDLE = "I";

/**
 * What passes between a client and a cluster session, as far as it tells whether the session is at rest: all that was asked is
 * answered, and no transaction is open. Counted so that a mistake leaves it restless: what a client asks and gets no
 * answer to, as a Sync in the middle of COPY, counts for ever.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html
 */
export class Traffic {
  private asked = 0;
  private answered = 0;
  /** Nothing was sent since the last message that asks, such as a Bind without a Sync. */
  private settled = true;
  private status = IDLE;
  /** The client has said that it is done (Terminate), which is not for the server: others go on with it. */
  terminated = false;

  private readonly client = new Messages((type) => {
    if (type === "X") {
      this.terminated = true;
      return "stop";
    }
    this.settled = ASKING.includes(type);
    if (this.settled) this.asked++;
    return "pass";
  });
  private readonly server: Messages;

  /** @param reported gets the settings that the server reports (ParameterStatus), which change as it is told to */
  constructor(reported: Map<string, string>) {
    this.server = new Messages(
      (type) => (type === "Z" || type === "S" ? "tell" : "pass"),
      (type, body) => {
        if (type === "S") setReported(reported, body);
        else {
          this.answered++;
          this.status = body.toString("latin1");
        }
      },
    );
  }

  /** True when the client has not left in the middle of a message. */
  get clientBetweenMessages(): boolean {
    return this.client.between;
  }

  /** True when everything is answered; a transaction may be open. */
  get answeredAll(): boolean {
    return this.settled && this.asked === this.answered && this.client.between && this.server.between;
  }

  get atRest(): boolean {
    return this.answeredAll && this.status === IDLE;
  }

  /** @returns what of it is for the server */
  fromClient(chunk: Buffer): Buffer {
    return this.client.read(chunk);
  }

  /** @returns what of it is for the client */
  fromServer(chunk: Buffer): Buffer {
    return this.server.read(chunk);
  }
}

/** Takes a setting out of the body of a ParameterStatus: its name and its value, each ended by a zero byte. */
export function setReported(reported: Map<string, string>, body: Buffer): void {
  const [name = "", value = ""] = body.toString().split("\0");
  reported.set(name, value);
}
