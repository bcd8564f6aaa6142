import { expect, test } from "@jest/globals";
import { databaseToVerify } from "../../../commands/support/database-to-verify";
import { MINIMAL, parse, testEnvironment } from "../../helpers/environment";

const surroundings = { cancelled: new AbortController().signal, log: () => undefined };
const READING = `${MINIMAL}  people:
    audit:
      principals: ["arn:aws:iam::123456789012:role/Audit"]
      members: [anna, ben]
      endpoint: reader
      grants: { shop.orders: read-only }
`;

test("whoever connects to readers or through the proxy does not verify, by whichever name; nobody is asked for it", async () => {
  const everywhere = testEnvironment("everywhere");
  await expect(
    databaseToVerify(everywhere, { name: "invoices", by: "network" }, surroundings),
  ).rejects.toThrow(
    "invoices connects through the RDS Proxy, and only the writer itself knows everybody's sessions and locks",
  );
  for (const name of ["audit", "audit_anna"]) {
    for (const by of ["network", "tunnel", "laptop"] as const) {
      await expect(databaseToVerify(parse(READING), { name, by }, surroundings)).rejects.toThrow(
        `${name} connects to the readers, and only the writer itself knows`,
      );
    }
  }
});
