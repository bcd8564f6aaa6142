import { describe, expect, test } from "@jest/globals";
import { comparePlanAndStacks } from "../../../../tools/review/consistency/plan-and-stack";
import type { Finding } from "../../../../tools/review/finding";
import { parse, testEnvironment, testFile } from "../../../helpers/environment";
import { readEnvironment } from "./sides";
import { type Anything, tampered } from "./tampering";

const dev = readEnvironment(testEnvironment("dev"));
const everywhere = (type: string, change: (block: Anything) => void) =>
  tampered(dev, {
    says: "",
    change: ({ resource }) => Object.values(resource[type]).forEach(change),
  });
const withEgress = (change: (egress: Anything) => unknown) =>
  everywhere("kubernetes_network_policy_v1", ({ spec }) => {
    spec.egress = change(spec.egress) ?? spec.egress;
  });
const told = (findings: readonly Finding[]) => findings.map(({ kind, text }) => `${kind} ${text}`);
const PODS = "dev-access: pods of every namespace with a NetworkPolicy";

describe("what all of an access stack has in common and no plan knows is told when it changes:", () => {
  test("the places that pods may go to", () => {
    const open = withEgress((egress) => [...egress, {}]);
    expect(told(comparePlanAndStacks(dev, open))).toEqual([
      `reach-widened ${PODS} may newly reach anything at any port`,
    ]);
    expect(told(comparePlanAndStacks(open, dev))).toEqual([
      `reach-narrowed ${PODS} may no longer reach anything at any port`,
    ]);
  });

  test.each([
    [
      "another block",
      "0.0.0.0/0 at 5432/TCP, and may no longer reach 10.40.24.0/21 at 5432/TCP",
      (egress: Anything) => {
        egress[1].to[0].ip_block.cidr = "0.0.0.0/0";
      },
    ],
    [
      "another port",
      "0.0.0.0/0 at 22/TCP, and may no longer reach 0.0.0.0/0 at 443/TCP",
      (egress: Anything) => {
        egress[2].ports[0].port = "22";
      },
    ],
    [
      "any port",
      "0.0.0.0/0 at any port, and may no longer reach 0.0.0.0/0 at 443/TCP",
      (egress: Anything) => {
        delete egress[2].ports;
      },
    ],
    [
      "a range of ports",
      '0.0.0.0/0 at {"end_port":500,"port":"443","protocol":"TCP"}, and may no longer reach 0.0.0.0/0 at 443/TCP',
      (egress: Anything) => {
        egress[2].ports[0] = { end_port: 500, ...egress[2].ports[0] };
      },
    ],
    [
      "no exception any more",
      '0.0.0.0/0 at 443/TCP, and may no longer reach {"ip_block":{"cidr":"0.0.0.0/0","except":["10.0.0.0/8"]}} at 443/TCP',
      (egress: Anything) => egress,
    ],
    [
      "other pods",
      '{"pod_selector":{}} at 443/TCP, and may no longer reach 0.0.0.0/0 at 443/TCP',
      (egress: Anything) => {
        egress[2].to = [{ pod_selector: {} }];
      },
    ],
    [
      "a rule with more in it",
      '{"more":1,"ports":[{"port":"443","protocol":"TCP"}],"to":[{"ip_block":{"cidr":"0.0.0.0/0"}}]}, and may no longer reach 0.0.0.0/0 at 443/TCP',
      (egress: Anything) => {
        egress[2] = { more: 1, ...egress[2] };
      },
    ],
  ])("and how: %s", (name, says, change) => {
    const before =
      name === "no exception any more"
        ? withEgress((egress) => {
            egress[2].to[0].ip_block.except = ["10.0.0.0/8"];
          })
        : dev;
    expect(told(comparePlanAndStacks(before, withEgress(change)))).toEqual([
      `reach-widened ${PODS} may newly reach ${says}`,
    ]);
  });

  test("rules that say the same in another form", () => {
    expect(
      told(
        comparePlanAndStacks(
          dev,
          withEgress((egress) => [...egress].reverse()),
        ),
      ),
    ).toEqual([`reach-widened ${PODS} are let out by other rules`]);
    expect(
      told(
        comparePlanAndStacks(
          dev,
          withEgress(() => "${local.rules}"),
        ),
      ),
    ).toEqual([
      expect.stringContaining(
        'reach-widened dev-access: pods of every namespace with a NetworkPolicy may newly reach "${local.rules}", and',
      ),
    ]);
  });

  test("the certificates that the database is verified by", () => {
    const other = everywhere("kubernetes_config_map_v1", ({ metadata, data }) => {
      if (metadata.name === "rds-ca") data["rds-ca.pem"] = "another";
    });
    expect(told(comparePlanAndStacks(dev, other))).toEqual([
      "encryption-weakened dev-access: pods of every namespace verify the database by other certificates",
    ]);
  });

  test("the port of the database", () => {
    const other = everywhere("kubernetes_config_map_v1", ({ data }) => {
      if (data.PGPORT !== undefined) data.PGPORT = "6432";
    });
    expect(told(comparePlanAndStacks(dev, other))).toEqual([
      "connection-changed dev-access: every service connects to port 6432, not 5432",
    ]);
  });

  test("that there are readers, or no longer are", () => {
    const readers = readEnvironment(parse(testFile("dev").replace("readers: 0", "readers: 1")));
    expect(told(comparePlanAndStacks(dev, readers))).toEqual([
      "connection-changed dev-access: every service that connects to the writer is told the readers' host as well, PGHOST_READER",
    ]);
    expect(told(comparePlanAndStacks(readers, dev))).toEqual([
      "connection-changed dev-access: every service that connects to the writer is no longer told of readers, PGHOST_READER",
    ]);
    expect(told(comparePlanAndStacks(readers, readers))).toEqual([]);
  });

  test("with all of it as content, so that an approval is for nothing else", () => {
    const contents = ["1.1.1.1/32", "2.2.2.2/32"].map((cidr) => {
      const side = withEgress((egress) => {
        egress[1].to[0].ip_block.cidr = cidr;
      });
      return JSON.stringify(comparePlanAndStacks(dev, side).map(({ content }) => content));
    });
    expect(contents[0]).not.toBe(contents[1]);
    expect(contents[0]).toContain("1.1.1.1/32");
    expect(contents[0]).toContain("10.40.24.0/21");
  });
});

test("one that has another is not as planned", () => {
  const one = tampered(dev, {
    says: "",
    change: ({ resource }) => {
      const [, last]: Anything[] = Object.values(resource.kubernetes_network_policy_v1);
      last.spec.egress = [{}];
    },
  });
  expect(told(comparePlanAndStacks(dev, one))).toEqual([
    "plan-and-stack-differ dev-access: kubernetes_network_policy_v1 with another spec than planned: kubernetes_network_policy_v1 shop default-deny",
  ]);
});

test("namespaces that come and go are the plans' to tell", () => {
  const none = readEnvironment(
    parse(
      testFile("dev")
        .replace(/ {2}services:[\s\S]*?(?= {2}people:)/, "")
        .replace(/demo:[\s\S]*/, ""),
    ),
  );
  expect(told(comparePlanAndStacks(none, dev))).toEqual([]);
  expect(told(comparePlanAndStacks(dev, none))).toEqual([]);
  // Nor is there anybody who could be told of readers.
  const readers = tampered(dev, {
    says: "",
    change: ({ locals }) => {
      locals["reader-endpoint"] = locals["writer-endpoint"];
    },
  });
  for (const sides of [
    [none, readers],
    [readers, none],
  ] as const) {
    expect(
      told(comparePlanAndStacks(...sides)).filter((text) => text.startsWith("connection-changed")),
    ).toEqual([]);
  }
});
