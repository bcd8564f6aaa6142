import { expect, test } from "@jest/globals";
import { ProgramNetworkPolicy } from "../../../constructs/shared/program-network-policy";
import { only, synthConstruct } from "../../helpers/construct";

test("pods that serve nothing are reached by nobody", () => {
  const policy = only(
    synthConstruct((stack) => {
      const egress = { databaseCidrs: [], databasePorts: [5432], credentials: [] };
      new ProgramNetworkPolicy(stack, "traffic", { name: "verify", namespace: "shop", egress });
    }),
    "kubernetes_network_policy_v1",
  );
  expect(policy).toMatchObject({ spec: { policy_types: ["Ingress", "Egress"] } });
  expect(policy.spec).not.toHaveProperty("ingress");
});

test("the board's pods are reached on one port, and reach DNS, the database and STS", () => {
  const policy = only(
    synthConstruct((stack) => {
      new ProgramNetworkPolicy(stack, "traffic", {
        name: "board",
        namespace: "boards",
        port: 8080,
        egress: {
          databaseCidrs: ["10.0.0.0/24"],
          databasePorts: [6432],
          credentials: [{ cidr: "0.0.0.0/0", port: 443 }],
        },
      });
    }),
    "kubernetes_network_policy_v1",
  );
  const tcp = (port: string) => ({ port, protocol: "TCP" });
  expect(policy).toEqual({
    metadata: expect.objectContaining({ name: "board", namespace: "boards" }),
    spec: {
      pod_selector: { match_labels: { "app.kubernetes.io/part-of": "board" } },
      policy_types: ["Ingress", "Egress"],
      ingress: [{ ports: [tcp("8080")] }],
      egress: [
        { ports: [{ port: "53", protocol: "UDP" }, tcp("53")] },
        { ports: [tcp("6432")], to: [{ ip_block: { cidr: "10.0.0.0/24" } }] },
        { ports: [tcp("443")], to: [{ ip_block: { cidr: "0.0.0.0/0" } }] },
      ],
    },
  });
});
