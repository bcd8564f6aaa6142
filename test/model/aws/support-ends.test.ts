import { describe, expect, test } from "@jest/globals";
import { AURORA_MAJOR_ENDS, AURORA_MINOR_ENDS, KUBERNETES_ENDS } from "../../../model/aws/support-ends";
import { parse } from "../../helpers/environment";

const { cluster, database } = parse();
const minorOf = (version: string) => Number(version.split(".")[1]);

describe("a file that names no version", () => {
  test("gets the Kubernetes version that EKS supports longest", () => {
    const ends = Object.values(KUBERNETES_ENDS).map(({ standard }) => standard);
    expect(KUBERNETES_ENDS[cluster.version]?.standard).toBe(ends.sort().at(-1));
  });

  test("gets the newest minor version of its PostgreSQL that Aurora has, as far as it is known here", () => {
    const major = database.engineVersion.split(".")[0] ?? "";
    const minors = Object.keys(AURORA_MINOR_ENDS).filter((version) => version.startsWith(`${major}.`));
    expect(Object.keys(AURORA_MAJOR_ENDS)).toContain(major);
    expect(minors.length).toBeGreaterThan(0);
    for (const minor of minors)
      expect(minorOf(database.engineVersion)).toBeGreaterThanOrEqual(minorOf(minor));
  });
});

test("the days on which support ends are days, and extended support ends after standard support", () => {
  const both = [...Object.values(KUBERNETES_ENDS), ...Object.values(AURORA_MAJOR_ENDS)];
  const days = [
    ...both.flatMap(({ standard, extended }) => [standard, extended]),
    ...Object.values(AURORA_MINOR_ENDS),
  ];
  for (const day of days) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
  for (const { standard, extended } of both) expect(standard < extended).toBe(true);
});
