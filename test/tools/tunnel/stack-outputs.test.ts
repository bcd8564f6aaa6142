import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import { route } from "../../../tools/tunnel/destinations";
import { parseOutputs, stackOutputs, stateLocation } from "../../../tools/tunnel/stack-outputs";
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
    const needed = { database: ["writer-endpoint", "bastion-instance-id"], eks: ["kubernetes-endpoint"] };
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
  const database = { "writer-endpoint": "DB.example.com", "bastion-instance-id": "i-1" };

  test("leads to the endpoints in the outputs, in lower case as names are compared", () => {
    expect(route(parse(), database, { "kubernetes-endpoint": "https://ABC.eks.amazonaws.com" })).toEqual({
      bastion: "i-1",
      region: "eu-west-1",
      destinations: [
        { name: "database", host: "db.example.com", port: 5432 },
        { name: "kubernetes", host: "abc.eks.amazonaws.com", port: 443 },
      ],
    });
  });

  test("leads to the port of a database that was there before", () => {
    const existing = parse(
      `${MINIMAL}database: { bastion: true, existing: { instance: legacy, port: 6432 } }\n`,
    );
    expect(route(existing, database).destinations).toEqual([
      { name: "database", host: "db.example.com", port: 6432 },
    ]);
  });
});
