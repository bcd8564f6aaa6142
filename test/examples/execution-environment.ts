import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a handler answers. */
export interface Answer {
  readonly user?: string;
  readonly database?: string;
  readonly session?: number;
  readonly error?: string;
}

/** A process in place of an execution environment of Lambda: it invokes its handler for each line that it reads. */
export class ExecutionEnvironment {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private said = "";

  /** @param command reads lines, each the seconds that have gone by for it since the last, and writes an answer for each */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.process = spawn(program, args, { env });
    this.process.stderr.on("data", (data) => {
      this.said += data;
    });
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** @param seconds that go by before, by its clock. @default none */
  async invoke(seconds = 0): Promise<Answer> {
    this.process.stdin.write(`${seconds}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the handler's process has ended: ${this.said}`);
    return JSON.parse(value);
  }

  /** As Lambda does between invocations: nothing in it runs. */
  freeze(): void {
    this.process.kill("SIGSTOP");
  }

  thaw(): void {
    this.process.kill("SIGCONT");
  }

  end(): void {
    this.process.kill("SIGKILL");
  }
}
