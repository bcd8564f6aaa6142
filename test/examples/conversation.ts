import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A program that answers each line that it reads with a line of JSON; what it logs besides is no answer. */
export class Conversation<Answer> {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  /** What it has said besides answers. */
  said = "";

  /** @param command reads lines, and writes an answer for each */
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

  /** @throws when the program has ended, with what it said */
  async ask(line: string | number): Promise<Answer> {
    this.process.stdin.write(`${line}\n`);
    for (;;) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error(`the program has ended: ${this.said}`);
      if (/^[{[]/.test(value)) return JSON.parse(value);
      this.said += `${value}\n`;
    }
  }

  /** Nothing in it runs until it is thawed. */
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
