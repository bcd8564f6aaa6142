import { expect, jest } from "@jest/globals";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { MOTO_ACCOUNT, motoMissing, startMoto } from "./helpers/moto";

jest.setTimeout(120_000);
const missing =
  motoMissing() ?? (run("aws", ["--version"]).status === 0 ? undefined : "aws is not installed");

testUnless(
  missing,
  "the AWS CLI reaches the local AWS API, whatever profile its user has chosen",
  async () => {
    const moto = await startMoto();
    const before = process.env.AWS_PROFILE;
    process.env.AWS_PROFILE = "mine";
    try {
      const args = [
        "sts",
        "get-caller-identity",
        "--region",
        "eu-west-1",
        "--query",
        "Account",
        "--output",
        "text",
      ];
      const { status, stdout, stderr } = run("aws", args, { env: moto.env });
      expect([status, stdout, stderr]).toEqual([0, `${MOTO_ACCOUNT}\n`, ""]);
    } finally {
      if (before === undefined) delete process.env.AWS_PROFILE;
      else process.env.AWS_PROFILE = before;
      await moto.stop();
    }
  },
);
