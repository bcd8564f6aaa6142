import { createInterface } from "node:readline";
import { terminalText } from "../../lib/terminal-text";
import { UserError } from "../../lib/user-error";
import { type Answers, ASKED, type Asked, QUESTIONS, wrongAnswer } from "./new-environment";

/** What options say, by question. */
type Given = Readonly<Partial<Record<string, string>>>;

/**
 * Without anybody to ask: what is given, and defaults.
 * @throws UserError with every question that has neither
 */
export function answersFrom(given: Given, usage: string): Answers {
  const missing = ASKED.filter(
    (each) => given[each] === undefined && QUESTIONS[each].otherwise === undefined,
  );
  if (missing.length > 0)
    throw new UserError(
      missing.map((each) => `--${each} is missing: ${QUESTIONS[each].ask}`),
      usage,
    );
  return answers((each) => given[each] ?? QUESTIONS[each].otherwise ?? "");
}

/**
 * Asks what is not given, each again until the answer is one.
 * @throws UserError when the input ends before
 */
export async function askFor(
  given: Given,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<Answers> {
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();
  const found = new Map<Asked, string>();
  try {
    for (const each of ASKED) {
      const { ask, otherwise } = QUESTIONS[each];
      let answer = given[each];
      let [why] = answer === undefined ? [""] : wrongAnswer(each, answer);
      while (why !== undefined) {
        if (why !== "") output.write(`${terminalText(why)}\n`);
        output.write(`${ask}${otherwise === undefined ? "" : ` [${otherwise}]`}: `);
        const line = await lines.next();
        if (line.done) throw new UserError(["", "The questions were not all answered; nothing was written."]);
        answer = line.value.trim() || otherwise || "";
        [why] = wrongAnswer(each, answer);
      }
      found.set(each, answer ?? "");
    }
  } finally {
    reader.close();
  }
  return answers((each) => found.get(each) ?? "");
}

function answers(to: (each: Asked) => string): Answers {
  return {
    account: to("account"),
    region: to("region"),
    size: to("size"),
    bucket: to("bucket"),
    service: to("service"),
    schema: to("schema"),
  };
}
