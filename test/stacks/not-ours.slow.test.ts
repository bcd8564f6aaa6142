import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { accessReport } from "../../model/access/report";
import { addresses, stackOf, synthApp } from "../helpers/app";
import { only } from "../helpers/construct";
import { parse, testFile } from "../helpers/environment";

// biome-ignore lint/suspicious/noExplicitAny: JSON of Terraform, of any shape
type Anything = any;

const dev = testFile("dev");
const edited = (from: string, to: string) => {
  if (!dev.includes(from)) throw new Error(`dev.yaml has no ${from}`);
  return dev.replace(from, to);
};
const stack = (text: string, id: string): Anything => stackOf(synthApp(parse(text)), id);
const access = (text: string) => stack(text, "dev-access");
const ours = access(dev);
/** Addresses of objects in Kubernetes that begin so. */
const inKubernetes = (json: Anything, begin: RegExp) =>
  addresses(json).filter((address) => address.startsWith("kubernetes_") && begin.test(address));

describe("a namespace that is somebody else's", () => {
  const text = edited("shop: {}", "shop: { existing: true }");
  const theirs = access(text);
  const forgotten: string[] = theirs.removed.map(({ from }: Anything) => from);

  test("gets ServiceAccounts, ConfigMaps and certificates, and is neither made nor ruled", () => {
    const types = inKubernetes(theirs, /\.namespace-shop/).map((address) => address.split(".")[0]);
    expect([...new Set(types)].sort()).toEqual(["kubernetes_config_map_v1", "kubernetes_service_account_v1"]);
    const objects: Anything[] = Object.entries<Anything>({
      ...theirs.resource.kubernetes_config_map_v1,
      ...theirs.resource.kubernetes_service_account_v1,
    }).flatMap(([name, block]) => (name.startsWith("namespace-shop") ? [block] : []));
    expect(objects).toHaveLength(9);
    expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(objects.map(() => "shop"));
  });

  test("has certificates of the environment's name, since another environment may be there as well", () => {
    const [ca] = inKubernetes(theirs, /namespace-shop_environment-ca/);
    const name = ca?.replace("kubernetes_config_map_v1.", "") ?? "";
    expect(theirs.resource.kubernetes_config_map_v1[name]).toMatchObject({
      metadata: { name: "dev-rds-ca", namespace: "shop" },
      data: { "rds-ca.pem": expect.stringContaining("BEGIN CERTIFICATE") },
    });
  });

  test("and was ours loses nothing: what it would destroy Terraform forgets, at the addresses where it was", () => {
    const gone = addresses(ours).filter((address) => !addresses(theirs).includes(address));
    expect(gone).toHaveLength(3);
    expect(forgotten.sort()).toEqual(gone.sort());
    for (const { lifecycle } of theirs.removed) expect(lifecycle).toEqual({ destroy: false });
    // What services had there stays where it was.
    const kept = inKubernetes(ours, /service-account|config-map/);
    expect(addresses(theirs)).toEqual(expect.arrayContaining(kept));
  });

  test("is let go by the guard, and may leave the file later", () => {
    expect(theirs.moved).toEqual([
      { from: 'terraform_data.protected["namespace shop"]', to: 'terraform_data.let-go["namespace shop"]' },
    ]);
    const { protected: guard, "let-go": letGo } = theirs.resource.terraform_data;
    expect(guard.for_each).not.toContain("namespace shop");
    expect(guard.for_each).toContain("namespace message-board");
    expect(letGo.for_each).toBe('${toset(["namespace shop"])}');
    expect(letGo.lifecycle).toBeUndefined();
  });

  test("is shown as such in access.md", () => {
    expect(accessReport(accessPlan(parse(text)))).toMatch(
      /^\| shop \| .* \| not kept here \| not kept here \|$/m,
    );
  });

  test("may have the message board in it, which mounts the environment's certificates", () => {
    const demo = stack(edited("message-board: {}", "message-board: { existing: true }"), "dev-demo");
    const deployment: Anything = only(demo, "kubernetes_deployment_v1");
    expect(deployment.spec.template.spec.volume).toEqual([
      { name: "rds-ca", config_map: { name: "dev-rds-ca" } },
    ]);
  });
});

describe("a ServiceAccount that something else makes", () => {
  const text = edited(
    "    orders-api:\n",
    "    orders-api:\n      serviceAccount: { existing: orders-api }\n",
  );
  const theirs = access(text);
  const address = addresses(ours).filter((each) => /service-account-orders-api_/.test(each));

  test("is not made, and one that was made here is forgotten and not destroyed", () => {
    expect(address).toHaveLength(1);
    expect(addresses(ours).filter((each) => !addresses(theirs).includes(each))).toEqual(address);
    expect(addresses(theirs).filter((each) => !addresses(ours).includes(each))).toEqual([]);
    expect(theirs.removed).toEqual([{ from: address[0], lifecycle: { destroy: false } }]);
  });

  test("has its annotation printed, in Terraform's outputs and in access.md", () => {
    const role = addresses(ours).find((each) => /^aws_iam_role\.service-orders-api_role/.test(each));
    expect(theirs.output["service-account-annotations"]).toEqual({
      description:
        "The annotation eks.amazonaws.com/role-arn that each ServiceAccount needs which is not made here",
      value: { "shop/orders-api": `\${${role}.arn}` },
    });
    expect(accessReport(accessPlan(parse(text)))).toContain(
      "| shop/orders-api | `eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/dev-db-orders-api` |",
    );
    expect(ours.output["service-account-annotations"]).toBeUndefined();
    expect(accessReport(accessPlan(parse(dev)))).not.toContain("not made here");
  });

  test("is trusted like one that is made here", () => {
    const trust = (json: Anything) =>
      Object.entries<Anything>(json.resource.aws_iam_role).map(([name, role]) => [
        name,
        role.assume_role_policy,
      ]);
    expect(trust(theirs)).toEqual(trust(ours));
  });

  test("may be the message board's, by its plain name", () => {
    const demo = stack(
      edited("    message-board:\n", "    message-board:\n      serviceAccount: { existing: web }\n"),
      "dev-demo",
    );
    expect(demo.locals["web-service-account"]).toBe("web");
    expect(demo.locals["web-namespace"]).toMatch(/^\$\{data\.terraform_remote_state/);
  });
});
