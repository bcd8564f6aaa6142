import { describe, expect, test } from "@jest/globals";
import { quote } from "../../../lib/nearest";
import { UserError } from "../../../lib/user-error";
import { parseOutputs, stackOutputs, stateLocation } from "../../../tools/deployed/stack-outputs";
import { route } from "../../../tools/tunnel/destinations";
import { instructions } from "../../../tools/tunnel/instructions";
import { synthApp } from "../../helpers/app";
import { MINIMAL, parse, testEnvironments } from "../../helpers/environment";

const environments = testEnvironments();
const stacks = synthApp(...environments);
const LAYERS = ["database", "eks"] as const;
const cases = environments.flatMap((environment) =>
  LAYERS.map((layer) => [`${environment.name}-${layer}`, environment, layer] as const),
);

describe("the outputs of a stack", () => {
  test.each(cases)("are read from where Terraform writes them: %s", (_, environment, layer) => {
    const backend = stacks.get(`${environment.name}-${layer}`)?.terraform?.backend;
    const location = stateLocation(environment, layer);
    if ("file" in location) expect(backend).toEqual({ local: { path: `../../../${location.file}` } });
    else expect(backend).toEqual({ s3: expect.objectContaining(location) });
  });

  test.each(cases)("that a tunnel needs are there: %s", (_, environment, layer) => {
    const outputs = Object.keys(stacks.get(`${environment.name}-${layer}`)?.output ?? {});
    const needed = {
      database: ["writer-endpoint", "reader-endpoint", "bastion-instance-id"],
      eks: ["kubernetes-endpoint"],
    };
    expect(outputs).toEqual(expect.arrayContaining(needed[layer]));
  });

  test("are the texts among what the state holds", () => {
    const text = JSON.stringify({
      version: 4,
      outputs: { a: { value: "x", type: "string" }, b: { value: ["y"], type: ["list", "string"] }, c: {} },
    });
    expect(parseOutputs(text, "state")).toEqual({ a: "x" });
    expect(parseOutputs('{"version":4}', "state")).toEqual({});
  });

  test.each(["", "<html>", "null", "[]", '{"version":3}', '{"version":"4"}'])(
    "are not guessed from something else: %s",
    (text) => {
      expect(() => parseOutputs(text, "s3://a/b")).toThrow(
        "s3://a/b is no Terraform state that can be read here (version 4); restore it",
      );
    },
  );

  test.each([
    'fatal error: An error occurred (404) when calling the HeadObject operation: Key "x" does not exist',
    "fatal error: An error occurred (404) when calling the HeadObject operation: Not Found",
    "An error occurred (NoSuchBucket) when calling the GetObject operation: The specified bucket does not exist",
  ])("of a stack that is not deployed: %s", async (cause) => {
    const environment = parse(`${MINIMAL}backend: { bucket: acme, region: eu-west-1 }\n`);
    const aws = () => Promise.reject(Object.assign(new UserError(["the AWS CLI failed"]), { cause }));
    await expect(stackOutputs(environment, "eks", aws, () => "")).rejects.toThrow(
      "test-eks is not deployed (there is no s3://acme/test-eks/terraform.tfstate); run `npx cdktf deploy test-eks` first",
    );
  });

  test("of a local state that is not on this machine", async () => {
    const missing = () => {
      throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    };
    const aws = () => Promise.reject(new Error("not asked"));
    await expect(stackOutputs(parse(), "database", aws, missing)).rejects.toThrow(
      "test-database is not deployed (there is no terraform.test-database.tfstate here)",
    );
  });

  test("that cannot be read for another reason keep that reason", async () => {
    const environment = parse(`${MINIMAL}backend: { bucket: acme, region: eu-west-1 }\n`);
    const aws = () => Promise.reject(Object.assign(new UserError(["expired"]), { cause: "(ExpiredToken)" }));
    await expect(stackOutputs(environment, "eks", aws, () => "")).rejects.toThrow(/^expired$/);
  });
});

describe("the route", () => {
  const database = {
    "writer-endpoint": "Test.cluster-abc.eu-west-1.rds.amazonaws.com",
    "bastion-instance-id": "i-0123456789abcdef0",
  };
  const eks = { "kubernetes-endpoint": "https://ABC.gr7.eu-west-1.eks.amazonaws.com" };

  test("leads to the endpoints in the outputs, in lower case as names are compared", () => {
    expect(route(parse(), { database, eks })).toEqual({
      bastion: "i-0123456789abcdef0",
      region: "eu-west-1",
      destinations: [
        { name: "database", host: "test.cluster-abc.eu-west-1.rds.amazonaws.com", port: 5432 },
        { name: "kubernetes", host: "abc.gr7.eu-west-1.eks.amazonaws.com", port: 443 },
      ],
    });
  });

  test("leads to readers as well when it is to, at the same port, and else not", () => {
    const outputs = { ...database, "reader-endpoint": "test.cluster-ro-abc.eu-west-1.rds.amazonaws.com" };
    const readers = { name: "readers", host: "test.cluster-ro-abc.eu-west-1.rds.amazonaws.com", port: 5432 };
    const { destinations, ...rest } = route(parse(), { database: outputs, eks });
    const [first, ...others] = destinations;
    expect(route(parse(), { database: outputs, eks }, true)).toEqual({
      ...rest,
      destinations: [first, readers, ...others],
    });
    expect(() =>
      route(parse(), { database: { ...outputs, "reader-endpoint": "evil.example" }, eks }, true),
    ).toThrow(
      'the output reader-endpoint is not the host name of an RDS database\'s readers in eu-west-1: "evil.example"',
    );
    expect(() => route(parse(), { database, eks }, true)).toThrow(
      "test-database was deployed without its output reader-endpoint; run `npx cdktf deploy test-database`",
    );
  });

  test("leads to the port of a database that was there before", () => {
    const existing = parse(
      `${MINIMAL}database: { bastion: true, existing: { instance: legacy, port: 6432 } }\n`,
    );
    expect(route(existing, { database }).destinations).toEqual([
      { name: "database", host: "test.cluster-abc.eu-west-1.rds.amazonaws.com", port: 6432 },
    ]);
  });

  test.each([
    ["an instance", "eu-west-1", { "writer-endpoint": "legacy.c1abc2def3gh.eu-west-1.rds.amazonaws.com" }],
    ["an old bastion", "eu-west-1", { "bastion-instance-id": "i-0a1b2c3d" }],
    [
      "GovCloud",
      "us-gov-west-1",
      { "writer-endpoint": "a.cluster-b.us-gov-west-1.rds.amazonaws.com" },
      { "kubernetes-endpoint": "https://ABC.gr7.us-gov-west-1.eks.amazonaws.com" },
    ],
    [
      "China",
      "cn-north-1",
      { "writer-endpoint": "a.cluster-b.rds.cn-north-1.amazonaws.com.cn" },
      { "kubernetes-endpoint": "https://ABC.yl4.cn-north-1.eks.amazonaws.com.cn" },
    ],
    ["IPv6", "eu-west-1", {}, { "kubernetes-endpoint": "https://abc.eks-cluster.eu-west-1.api.aws" }],
  ])("takes the names that AWS gives: %s", (_, region, changed, otherEks = eks) => {
    const environment = { ...parse(), region };
    expect(route(environment, { database: { ...database, ...changed }, eks: otherEks }).region).toBe(region);
  });

  const names = [...Object.keys(database), ...Object.keys(eks)];
  const hostile = [
    "",
    " ",
    "--profile",
    "-x",
    "file:///etc/passwd",
    "i-0123456789abcdef0 --region us-east-1",
    "i-0123456789abcdef0; id",
    "i-0123456789abcdef0\nid",
    "i-0123456789abcdef0\n",
    "$(id)",
    "`id`",
    "${file('/etc/hostname')}",
    "' OR 1",
    'a"b',
    "a\\",
    "a b.eu-west-1.rds.amazonaws.com",
    "a' user=x.eu-west-1.rds.amazonaws.com",
    "-a.eu-west-1.rds.amazonaws.com",
    ".eu-west-1.rds.amazonaws.com",
    "a.eu-west-1.rds.amazonaws.com.evil.example",
    "a.eu-west-1.rds.amazonaws.com:22",
    "evil.example",
    "127.0.0.1",
    "169.254.169.254",
    "a.cluster-b.us-east-1.rds.amazonaws.com",
    "a.eu-west-1xrds.amazonaws.com",
    "http://a.eu-west-1.eks.amazonaws.com",
    "https://a.eu-west-1.eks.amazonaws.com/x",
    "https://a.eu-west-1.eks.amazonaws.com:8443",
    "https://u@a.eu-west-1.eks.amazonaws.com",
    "https://evil.example#.eu-west-1.eks.amazonaws.com",
    "\u001b[31ma.eu-west-1.rds.amazonaws.com",
    "а.eu-west-1.rds.amazonaws.com", // A Cyrillic one.
    `${"a".repeat(64)}.eu-west-1.rds.amazonaws.com`,
    "a.".repeat(10_000),
  ];
  test.each(names)(
    "does not follow what only pretends to be the output %s: one error with the state",
    (name) => {
      for (const value of hostile) {
        const [layer, is] =
          name === "kubernetes-endpoint"
            ? ["eks", "the URL of an EKS cluster"]
            : [
                "database",
                name === "writer-endpoint" ? "the host name of an RDS database" : "the id of an EC2 instance",
              ];
        const outputs = { ...database, ...eks, [name]: value };
        expect(() => route(parse(), { database: outputs, eks: outputs })).toThrow(
          new UserError([
            `terraform.test-${layer}.tfstate: the output ${name} is not ${is} in eu-west-1: ${quote(value)}; find out who wrote that state, or run \`npx cdktf deploy test-${layer}\` again`,
          ]),
        );
      }
    },
  );

  test("says all that is wrong with the outputs at once", () => {
    const environment = parse(`${MINIMAL}backend: { bucket: acme, region: eu-west-1 }\n`);
    const outputs = { "writer-endpoint": "--x" };
    expect(() => route(environment, { database: outputs, eks: {} })).toThrow(
      new UserError([
        's3://acme/test-database/terraform.tfstate: the output writer-endpoint is not the host name of an RDS database in eu-west-1: "--x"; find out who wrote that state, or run `npx cdktf deploy test-database` again',
        "test-eks was deployed without its output kubernetes-endpoint; run `npx cdktf deploy test-eks`",
        "test-database was deployed without its output bastion-instance-id; run `npx cdktf deploy test-database`",
      ]),
    );
  });
});

test("kubectl is told the name of the EKS cluster, also of one that was there before", () => {
  const told = (yaml: string) =>
    instructions(
      parse(`${MINIMAL}${yaml}`),
      { bastion: "i-1", region: "eu-west-1", destinations: [{ name: "kubernetes", host: "h", port: 443 }] },
      1080,
    );
  expect(told("")).toContain("aws eks update-kubeconfig --name test --region eu-west-1 --proxy-url");
  expect(told("cluster: { existing: { name: platform } }\n")).toContain(
    "update-kubeconfig --name platform --region",
  );
});
