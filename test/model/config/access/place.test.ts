import { expect, test } from "@jest/globals";
import { problemsOf } from "../../../helpers/environment";
import { withServices } from "../mistakes";

const GRANTS = "grants: { shop.orders: read-only }";
const problems = (service: string) => problemsOf(withServices(`a: { ${service}${GRANTS} }`));

test("a service says where it runs, by any of four keys", () => {
  for (const place of [
    "namespace: n, ",
    "runsOn: lambda, ",
    "runsOn: ecs, ",
    "runsOn: ec2, ",
    "role: Legacy, ",
    'principals: ["arn:aws:iam::123456789012:role/Deploy"], externalId: acme-1, ',
  ]) {
    expect(problems(place)).toEqual([]);
  }
  expect(problems("")).toEqual([
    "7:5: it does not say where the service runs; add one of namespace, runsOn, role, principals",
  ]);
});

test("a service runs in one place", () => {
  expect(problems("namespace: n, runsOn: lambda, role: Legacy, ")).toEqual([
    "7:24: a service runs in one place, and this one says namespace already; take one of them out",
    "7:40: a service runs in one place, and this one says namespace already; take one of them out",
  ]);
});

test("what is for one place only is refused in others", () => {
  expect(problems("runsOn: ecs, serviceAccount: b, externalId: acme-1, ")).toEqual([
    "7:23: serviceAccount goes with namespace alone; take it out",
    "7:42: externalId goes with principals alone; take it out",
  ]);
});
