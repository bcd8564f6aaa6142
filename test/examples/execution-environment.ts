import { Conversation } from "./conversation";

/** What a handler answers. */
export interface Answer {
  readonly user?: string;
  readonly database?: string;
  readonly session?: number;
  readonly error?: string;
}

/**
 * A process in place of an execution environment of Lambda: it invokes its handler for each line that it reads, which is the
 * seconds that have gone by for it since the last. Between invocations it can be frozen, as Lambda does.
 */
export class ExecutionEnvironment extends Conversation<Answer> {
  /** @param seconds that go by before, by its clock. @default none */
  invoke(seconds = 0): Promise<Answer> {
    return this.ask(seconds);
  }
}
