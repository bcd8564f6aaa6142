import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { askFor } from "../../../commands/support/ask";
import { newEnvironment, SIZES } from "../../../commands/support/new-environment";
import { parse } from "../../helpers/environment";

const ANSWERS = {
  account: "123456789012",
  region: "eu-west-1",
  size: "cheap",
  bucket: "none",
  service: "orders-api",
  schema: "shop.orders",
};

describe("a new environment", () => {
  test.each(SIZES)("of the size %s has no problem and no warning, and protects what it makes", (size) => {
    const { warnings, database } = parse(newEnvironment("new", { ...ANSWERS, size }, "10.40.0.0/16"));
    expect([warnings.filter(({ days }) => !days), database.deletionProtection]).toEqual([[], true]);
  });

  test.each([
    ["state in local files", {}, undefined],
    ["state in S3", { bucket: "acme-state" }, { bucket: "acme-state", region: "eu-west-1" }],
  ])("has its %s", (_, answer, backend) => {
    expect(parse(newEnvironment("new", { ...ANSWERS, ...answer }, "10.40.0.0/16")).backend).toEqual(backend);
  });
});

describe("the questions", () => {
  /** What comes of lines that somebody types, and what they read. */
  const typed = async (lines: string, given = {}) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(lines);
    const answers = askFor(given, input, output).finally(() => output.end());
    return { answers: await answers.catch(String), read: await text(output) };
  };

  test("take an empty line as the default, and ask again for what is no answer", async () => {
    const { answers, read } = await typed("twelve\n123456789012\n\nproduction\n\nledger\n\n");
    expect(answers).toEqual({ ...ANSWERS, size: "production", service: "ledger" });
    expect(read).toMatch(
      /AWS account id: must be the 12 digits.*got: "twelve"\nAWS account id: AWS region \[eu-west-1\]: /,
    );
  });

  test("are not asked where an option says it, unless that is no answer", async () => {
    const { answers, read } = await typed("\n", { ...ANSWERS, schema: "orders" });
    expect(answers).toEqual(ANSWERS);
    expect(read).toBe(
      'must be <database>.<schema>, such as shop.orders, got: "orders"\nits <database>.<schema> [shop.orders]: ',
    );
  });

  test("end when the input does", async () => {
    expect((await typed("123456789012\n")).answers).toContain("nothing was written");
  });
});
