import type { AccessPlan } from "../../../../model/access/plan";
import type { Finding } from "../../../../tools/review/finding";
import type { Review } from "../../../../tools/review/result";
import { declarations } from "../../../helpers/environment";
import { DEV, plan, reviewOf } from "./reviews";

const DATABASES = ["accounts", "catalog", "orders", "shipping"];
const SCHEMAS = DATABASES.flatMap((database) =>
  Array.from({ length: 10 }, (_, index) => `${database}.schema_${index}`),
);

/**
 * A review of that many services over 40 schemas, of which every so many-th may newly write one of them.
 * @param step how many services there are to each that changes
 */
export function manyServices(services: number, step: number): Review {
  const findings = Array.from({ length: Math.ceil(services / step) }, (_, index): Finding => {
    const subject = `service-${index * step}`;
    return { kind: "access-gained", subject, text: `${subject}: read-only → read-write` };
  });
  return reviewOf({ dev: { before: planOf(services), after: planOf(services, step), findings } });
}

function planOf(services: number, step?: number): AccessPlan {
  const lines = Array.from({ length: services }, (_, index) => {
    const writes = step !== undefined && index % step === 0;
    const grants = [0, 11, 22].map((more) => {
      const level = more === 0 && writes ? "read-write" : "read-only";
      return `${SCHEMAS[(index * 7 + more) % SCHEMAS.length]}: ${level}`;
    });
    const [first = ""] = grants;
    return `    service-${index}: { namespace: team-${index % 30}, database: ${first.split(".")[0]}, grants: { ${grants.join(", ")} } }`;
  });
  const databases = DATABASES.map(
    (database) =>
      `    ${database}: [${SCHEMAS.filter((name) => name.startsWith(database)).map((name) => name.split(".")[1])}]`,
  );
  const access = [
    "access:",
    "  databases:",
    ...databases,
    `  ${declarations(lines.join())}`,
    "  services:",
    ...lines,
    "",
  ].join("\n");
  return plan(DEV.replace(/access:[\s\S]*$/, access));
}
