import { expect, test } from "@jest/globals";
import { altered, compared, planOf } from "./plans";

const dev = planOf("dev");
const SOMEBODY = "(the namespace is somebody else's, who may change it at any time)";
const theirs = planOf("dev", { " shop: {}": " shop: { existing: true }" });
const chart = planOf("dev", {
  "    orders-api:\n": "    orders-api:\n      serviceAccount: { existing: orders-api }\n",
});

test("a namespace that becomes somebody else's is loosened, and one that becomes ours is tightened", () => {
  expect(compared(dev, theirs)).toEqual([
    `namespace-loosened: shop: networkPolicy default-deny → not kept here ${SOMEBODY}`,
    `namespace-loosened: shop: podSecurity restricted → not kept here ${SOMEBODY}`,
  ]);
  expect(compared(theirs, dev)).toEqual([
    "namespace-tightened: shop: networkPolicy not kept here → default-deny (its pods reach DNS, the database and their credentials)",
    "namespace-tightened: shop: podSecurity not kept here → restricted (its pods get no root and nothing of the node)",
  ]);
  expect(compared(theirs, theirs)).toEqual([]);
});

test("a namespace of somebody else's that services newly come to is said, and goes without loss", () => {
  const legacy = planOf("dev", { " shop: {}": " legacy: { existing: true }, shop: {}" });
  expect(compared(dev, legacy)).toEqual([
    "namespace-loosened: legacy: a namespace that is somebody else's: its Pod Security and NetworkPolicy are not kept here",
  ]);
  expect(compared(legacy, dev)).toEqual([
    "namespace-removed: legacy: the namespace is no longer in the file; it is somebody else's and stays, without what was put into it for services",
  ]);
});

test("who makes a ServiceAccount is neutral: it is trusted as before", () => {
  expect(compared(dev, chart)).toEqual([
    "connection-changed: orders-api: its ServiceAccount orders-api is made elsewhere, where it needs the annotation that the access stack prints",
  ]);
  expect(compared(chart, dev)).toEqual([
    "connection-changed: orders-api: its ServiceAccount orders-api is made here, which fails while it is there",
  ]);
});

test("a plan whose namespace is ours and somebody else's, or neither, is not compared", () => {
  for (const change of [{ existing: true }, { podSecurity: undefined }, { existing: false }]) {
    const odd = altered(dev, (plan) => Object.assign(plan.namespaces[1], change));
    expect(compared(dev, odd).join()).toMatch(/^not-computed: dev: access cannot be compared: /);
  }
  const odd = altered(chart, (plan) => {
    plan.identities.find(({ key }: { key: string }) => key === "orders-api").serviceAccountExists = "yes";
  });
  expect(compared(dev, odd).join()).toMatch(/^not-computed/);
});
