import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { rdsCaBundle } from "../../../../model/aws/ca-bundle";
import { MAX_PARAMETER } from "../../../../model/aws/parameters";
import { REGIONS } from "../../../../model/aws/regions";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";

const database = (text: string, services = "") => `${MINIMAL}${services}database: ${text}\n`;
const found = (text: string, services = "") => problemsOf(database(text, services));

describe("database.proxy", () => {
  test("takes every default with {}", () => {
    expect(parse(database("{ proxy: {} }")).database.proxy).toEqual({
      connectionsPercent: 80,
      idleClientTimeout: "30min",
      borrowTimeout: "2min",
      readerEndpoint: false,
    });
  });

  test.each([
    ["{ proxy: { connectionsPercent: 9 } }", "must be a whole number from 10 to 100"],
    ["{ proxy: { connectionsPercent: 101 } }", "must be a whole number from 10 to 100"],
    ["{ proxy: { borrowTimeout: 6min } }", "must be from 1s to 5min"],
    ["{ proxy: { idleClientTimeout: 9h } }", "must be from 1s to 8h"],
    ["{ proxy: { idleClientTimeout: 0s } }", "must be from 1s to 8h"],
    ["{ proxy: { idleClientTimeout: 1800 } }", "must have a unit: 1800s or 1800min"],
    ["{ proxy: { idleClientTimeout: 100ms } }", "must be a whole number and a unit (s, min or h)"],
    ["{ proxy: { borrowTimeout: none } }", "must be a whole number and a unit (s, min or h)"],
    ["{ proxy: { secrets: [] } }", "secrets"],
  ])("%s is refused: %s", (text, message) => {
    expect(found(text)).toEqual([expect.stringContaining(message)]);
  });

  test.each(["1s", "90s", "5min"])("a borrowTimeout of %s is taken", (time) => {
    expect(found(`{ proxy: { borrowTimeout: ${time} } }`)).toEqual([]);
  });

  test("is for a database that exists, too", () => {
    const network =
      "network: { existing: { vpcId: vpc-0000000a, privateSubnetIds: [subnet-0000000a, subnet-0000000b], databaseSubnetIds: [subnet-0000000c, subnet-0000000d] } }\n";
    expect(problemsOf(`${network}${database("{ existing: { cluster: shop }, proxy: {} }")}`)).toEqual([]);
  });

  test("is refused for a database that is to pause", () => {
    expect(found("{ capacity: { minAcu: 0, maxAcu: 4 }, proxy: {} }")).toEqual([
      "11:49: a database with a proxy never pauses, since the proxy holds a connection to it: raise minAcu to 0.5 or more, or leave the proxy out",
    ]);
    expect(found("{ capacity: { minAcu: 0.5, maxAcu: 4 }, proxy: {} }")).toEqual([]);
    expect(found("{ capacity: { instanceClass: db.r8g.large }, proxy: {} }")).toEqual([]);
  });

  test("leads to no readers where there are none", () => {
    expect(found("{ readers: 0, proxy: { readerEndpoint: true } }")).toEqual([
      "11:34: database.readers is 0, so there are none; leave the key out",
    ]);
    expect(found("{ readers: 0, proxy: { readerEndpoint: false } }")).toEqual([]);
    expect(found("{ readers: 1, proxy: { readerEndpoint: true } }")).toEqual([]);
  });
});

describe("a service's proxy", () => {
  const service = (more: string, level = "read-only") =>
    `    reporting:\n      namespace: shop\n${more}      grants: { shop.billing: ${level} }\n`;

  test("may be false where there is a proxy", () => {
    expect(found("{ proxy: {} }", service("      proxy: false\n"))).toEqual([]);
    expect(found("{ proxy: {} }", service("      proxy: true\n"))).toEqual([]);
  });

  test.each([true, false])("is nothing to say (%s) without a proxy", (value) => {
    expect(found("{ readers: 1 }", service(`      proxy: ${value}\n`))).toEqual([
      "13:7: there is no database.proxy; leave the key out",
    ]);
  });

  test("is nothing to say for an owner", () => {
    expect(found("{ proxy: {} }", service("      proxy: true\n", "owner"))).toEqual([
      "13:7: owners connect to the database itself, since what migrations do keeps a connection of the proxy's to each of them; leave the key out",
    ]);
  });

  test("is nothing to say for readers that the proxy does not lead to", () => {
    const reader = service("      proxy: true\n      endpoint: reader\n");
    expect(found("{ proxy: {} }", reader)).toEqual([
      "13:7: the proxy does not lead to the readers, unless database.proxy has readerEndpoint: true; leave the key out",
    ]);
    expect(found("{ proxy: { readerEndpoint: true } }", reader)).toEqual([]);
  });

  test("is no key of a group of people", () => {
    const people =
      "  people:\n    on-call:\n      principals: ['arn:aws:iam::123456789012:role/OnCall']\n      proxy: false\n      grants: { shop.billing: read-only }\n";
    expect(found("{ proxy: {} }", people)).toEqual([expect.stringContaining("proxy")]);
  });
});

describe("the policy by which a proxy connects", () => {
  const services = (count: number, more = "") =>
    Array.from(
      { length: count },
      (_, index) =>
        `    service-${String(index).padStart(3, "0")}:\n      namespace: shop\n${more}      grants: { shop.billing: read-only }\n`,
    ).join("");

  test("has room for a hundred services, and more are refused with how many fit", () => {
    expect(found("{ proxy: {} }", services(100))).toEqual([]);
    expect(found("{ proxy: {} }", services(150))).toEqual([
      expect.stringMatching(
        /^\d+:13: 151 services go through the proxy, and its IAM role has room for some 10\d in its policy; add "proxy: false" to those that can do without$/,
      ),
    ]);
    expect(found("{ readers: 1 }", services(150))).toEqual([]);
  });

  test("counts those who go through it alone", () => {
    expect(found("{ proxy: {} }", services(150, "      proxy: false\n"))).toEqual([]);
  });
});

describe("the certificates that clients trust", () => {
  const inRegion = (region: string, rest: string) =>
    parse(`${MINIMAL.replace("eu-west-1", region)}${rest}`).database.caBundle;
  const subjects = (pem: string) =>
    (pem.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? []).map(
      (each) => new X509Certificate(each),
    );

  test("are those of the proxy as well, where there is one", () => {
    const [without, withProxy] = ["", "database: { proxy: {} }\n"].map((rest) => inRegion("eu-west-1", rest));
    expect(without).toBe(rdsCaBundle("eu-west-1"));
    expect(withProxy?.startsWith(`${without}\n`)).toBe(true);
    const more = subjects(withProxy ?? "").slice(subjects(without ?? "").length);
    expect(more.map(({ subject }) => subject.split("\n").at(-1))).toEqual([
      "CN=Amazon Root CA 1",
      "CN=Amazon Root CA 3",
      "CN=Amazon Root CA 4",
    ]);
  });

  test("fit into an SSM parameter in every region, and none of them has ended", () => {
    const known = REGIONS.filter((region) => rdsCaBundle(region) !== "");
    expect(known.length).toBeGreaterThan(20);
    for (const region of known) {
      const pem = inRegion(region, "database: { proxy: {} }\n");
      expect([region, pem.length <= MAX_PARAMETER]).toEqual([region, true]);
      const ended = subjects(pem).filter(({ validTo }) => new Date(validTo) < new Date("2030-01-01"));
      expect([region, ended.map(({ subject }) => subject)]).toEqual([region, []]);
    }
  });
});
