import { describe, expect, test } from "@jest/globals";
import { verifyJob } from "../../../../model/config/verify/scheduled-job";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";
import { problemsWith } from "../mistakes";

const IMAGE = "image: verify:1.0.0";
const JOB = `schedule: "0 5 * * *", ${IMAGE}, namespace: shop`;

const problems = (keys: string) => problemsWith(`verify: { ${keys} }`);

describe("the job that verifies", () => {
  test("is a schedule, an image and a namespace; without verify there is none", () => {
    expect(verifyJob(parse())).toBeUndefined();
    expect(verifyJob(parse(`${MINIMAL}verify: { ${JOB}, architecture: arm64 }\n`))).toEqual({
      schedule: "0 5 * * *",
      image: "verify:1.0.0",
      namespace: "shop",
      architecture: "arm64",
    });
  });

  test("is never half of one", () => {
    expect(problems('schedule: "0 5 * * *"')).toEqual([
      "11:11: the job needs an image and one of access.namespaces to run in; add image and namespace",
    ]);
    expect(problems(`schedule: "0 5 * * *", ${IMAGE}`)).toEqual([
      "11:11: the job needs an image and one of access.namespaces to run in; add namespace",
    ]);
    expect(problems(`${IMAGE}, namespace: shop, architecture: arm64`)).toEqual([
      "11:11: image is the scheduled job's, and there is none; add schedule, or take image out",
      "11:32: namespace is the scheduled job's, and there is none; add schedule, or take namespace out",
      "11:49: architecture is the scheduled job's, and there is none; add schedule, or take architecture out",
    ]);
  });

  test("runs an image that is the same tomorrow, on nodes there are", () => {
    expect(problems(JOB.replace(":1.0.0", ":latest"))).toEqual([
      "11:41: the tag latest is another image after the next push, which no plan would show; name a version or a digest",
    ]);
    expect(problems(`${JOB}, architecture: arm64`)).toEqual([]);
    expect(
      problemsWith(
        `verify: { ${JOB}, architecture: arm64 }\ncluster: { nodeGroups: { a: { instanceTypes: [m7i.large] } } }`,
      ),
    ).toEqual([
      "11:86: no node group has arm64 nodes (m7i.large); build the image for theirs or add a group",
    ]);
  });

  test("is in a namespace that the file declares", () => {
    expect(problems(JOB.replace("namespace: shop", "namespace: shops"))).toEqual([
      '11:66: the namespace "shops" is not declared under access.namespaces; add shops: {} there, or shops: { existing: true } if it is not ours to make. Did you mean "shop"?',
    ]);
    expect(problems(JOB.replace("namespace: shop", "namespace: constructor"))).toEqual([
      '11:66: the namespace "constructor" is not declared under access.namespaces; add constructor: {} there, or constructor: { existing: true } if it is not ours to make',
    ]);
  });

  test("has a name of its own: no service and no group of people is called verify", () => {
    const named = MINIMAL.replace("orders-api:", "verify:");
    expect(() => parse(named)).not.toThrow();
    const taken = (at: string) =>
      `${at}: "verify" is the identity of the job that verify.schedule asks for, and both would be the database user "verify"; rename this one`;
    expect(problemsOf(`${named}verify: { ${JOB} }\n`)).toEqual([taken("8:5")]);
    const people = `  people:\n    verify: { principals: ["arn:aws:iam::123456789012:role/Look"], grants: { shop.orders: read-only } }\n`;
    expect(problemsOf(`${MINIMAL}${people}verify: { ${JOB} }\n`)).toEqual([taken("12:5")]);
  });

  test("has groups, a ServiceAccount and an IAM role of its own", () => {
    const said = (text: string) => problemsOf(`${text}verify: { ${JOB} }\n`);
    expect(said(MINIMAL.replace("orders-api:", "shop-connect:"))).toEqual([
      '8:5: the database user "shop_connect" is a group role of shop already; rename it',
    ]);
    expect(said(MINIMAL.replace("[billing, orders]", "[billing, orders, shop_connect]"))).toEqual([
      '5:40: the schema "shop_connect" is called like a group role of shop, which would look names up in it first and so run what its owner put there; choose another',
    ]);
    expect(said(MINIMAL.replace("[billing, orders]", "[billing, orders, verify]"))).toEqual([
      '5:40: the schema "verify" is called like the database user of the service "verify", which would look names up in it first and so run what its owner put there; choose another',
    ]);
    // All of them are free where there is no job.
    for (const name of ["shop_connect", "verify"]) {
      expect(problemsOf(MINIMAL.replace("[billing, orders]", `[billing, orders, ${name}]`))).toEqual([]);
    }
    expect(
      said(
        MINIMAL.replace("      namespace: shop\n", "      namespace: shop\n      serviceAccount: verify\n"),
      ),
    ).toEqual([
      '12:11: the ServiceAccount shop/verify is that of "orders-api" already, and one ServiceAccount can carry one IAM role; name another',
    ]);
  });

  test("is no mistake of whoever names defaults for all, nor of an environment without NAT that has the way to CloudWatch", () => {
    const text = `${MINIMAL.replace("  databases:", "  defaults: { searchPath: [orders], statementTimeout: 30s }\n  databases:")}verify: { ${JOB} }\n`;
    expect(problemsOf(text)).toEqual([]);
    const closed = (endpoints: string) =>
      problemsOf(
        `${MINIMAL}verify: { ${JOB} }\nnetwork: { natGateways: none, interfaceEndpoints: [${endpoints}] }\n`,
      );
    const others = "ec2, ecr.api, ecr.dkr, sts, ssm, ssmmessages";
    expect(closed(others)).toEqual([
      "12:25: without NAT, nodes and the bastion reach AWS through endpoints only; add monitoring to interfaceEndpoints",
    ]);
    expect(closed(`${others}, monitoring`)).toEqual([]);
    expect(problemsOf(`${MINIMAL}network: { natGateways: none, interfaceEndpoints: [${others}] }\n`)).toEqual(
      [],
    );
  });
});

describe("the schedule", () => {
  const scheduled = (schedule: string) => problems(JOB.replace("0 5 * * *", schedule));

  test.each(["0 5 * * *", "*/15 * * * *", "0 5 * * 0,6", "0 5 * * 1,4"])("%s can be watched", (schedule) => {
    expect(scheduled(schedule)).toEqual([]);
  });

  test.each([
    "@daily",
    "0 5 * *",
    "0 5 * * * *",
    "0 5 1 * *",
    "0 5 * 1 *",
    "0 5 * * MON",
    "CRON_TZ=UTC 0 5 * * *",
    "0 5  * * *",
    "0 5 * * *\\n",
    "",
  ])("%j is not of the form that is checked", (schedule) => {
    const [found = "", ...others] = scheduled(schedule);
    expect(others).toEqual([]);
    expect(found).toMatch(
      schedule === ""
        ? /^11:21: must not be empty/
        : /^11:21: must be the five fields of a cron schedule in UTC/,
    );
  });

  test("leaves a run the time to end, and comes often enough for CloudWatch to notice that it stopped", () => {
    expect(scheduled("*/14 * * * *")).toEqual([
      "11:21: two runs are 4 min apart, and must be 15 min or more, so that one is over before the next",
    ]);
    expect(scheduled("0 5 * * 1")).toEqual([
      "11:21: two runs are up to 7 days apart, and CloudWatch, which looks back a week at most, could not tell that they have stopped; let it run at least every 6 days, such as 0 5 * * 1,4",
    ]);
    expect(scheduled("0 25 * * *")).toEqual([
      '11:21: "25" is no hour: write a number from 0 to 23, a range such as 1-3, * for all, or */2 for every second one',
    ]);
  });
});
