import { describe, expect, test } from "@jest/globals";
import { asArguments } from "../../../commands/support/as-arguments";
import { UserError } from "../../../lib/user-error";

const read = (...args: readonly string[]) => asArguments("Usage", args);
const said = (...args: readonly string[]) => {
  try {
    return read(...args);
  } catch (error) {
    return error instanceof UserError ? error.messages : error;
  }
};
const NONE = { tunnel: false, readers: false, sql: false, command: [] };

describe("the arguments of npm run as", () => {
  test.each<[readonly string[], object]>([
    [["orders-api"], {}],
    [["orders-api", "psql", "-c", "select 1"], { command: ["psql", "-c", "select 1"] }],
    [["--env", "dev", "orders-api", "psql"], { env: "dev", command: ["psql"] }],
    [["orders-api", "--env=dev", "--tunnel", "psql"], { env: "dev", tunnel: true, command: ["psql"] }],
    [["orders-api", "psql", "--env", "dev"], { command: ["psql", "--env", "dev"] }],
    [["orders-api", "--readers", "--", "psql", "--help"], { readers: true, command: ["psql", "--help"] }],
    [["orders-api", "--", "--odd"], { command: ["--odd"] }],
    [
      ["--laptop", "prod", "--", "orders-api", "env", "--", "x"],
      { laptop: "prod", command: ["env", "--", "x"] },
    ],
    [["orders-api", "--sql"], { sql: true }],
    [["orders-api", "--sql", "-c", "select 1"], { sql: true, command: ["-c", "select 1"] }],
    [["--sql", "orders-api", "-c", "--env"], { sql: true, command: ["-c", "--env"] }],
    [["orders-api", "echo", "", "a b", "'", "$HOME"], { command: ["echo", "", "a b", "'", "$HOME"] }],
  ])("%j", (args, expected) => {
    expect(read(...args)).toEqual({ ...NONE, identity: "orders-api", ...expected });
  });

  test.each<[readonly string[], readonly string[]]>([
    [[], ["Name an identity."]],
    [["--"], ["Name an identity."]],
    [[""], ["Name an identity."]],
    [["--env", "dev"], ["Name an identity."]],
    [["orders-api", "--"], ["Name a command after --."]],
    [["orders-api", "--evn", "dev"], ['There is no option "--evn". Did you mean "--env"?']],
    [["orders-api", "--env"], ["--env needs a value."]],
    [["orders-api", "--tunnel=yes", "--env", "dev"], ["--tunnel takes no value."]],
    [
      ["orders-api", "-c", "x"],
      ['There is no option "-c". Known: --env, --help, --laptop, --readers, --tunnel.'],
    ],
    [
      ["orders-api", "--env", "dev", "--laptop", "dev"],
      ["--env is an environment on AWS, --laptop one on this machine: only one of them."],
    ],
    [["orders-api", "--tunnel"], ["--tunnel leads to an environment on AWS: add --env <environment>."]],
    [
      ["--tunnel"],
      ["Name an identity.", "--tunnel leads to an environment on AWS: add --env <environment>."],
    ],
  ])("%j is refused, with all that is wrong", (args, messages) => {
    expect(said(...args)).toEqual(messages);
  });
});
