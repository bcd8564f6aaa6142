import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { warningsToSay } from "../../../model/config/warnings";
import { MINIMAL, parse } from "../../helpers/environment";

/** What is said of a file on a day. */
const said = (yaml: string, today: string) => warningsToSay([parse(`${MINIMAL}${yaml}`)], undefined, today);
const kubernetes = (version: string, more = "") => `cluster: { version: "${version}"${more} }\n`;
const aurora = (version: string) => `database: { engineVersion: "${version}" }\n`;

describe("a version whose support ends", () => {
  test.each<[string, string, string[]]>([
    ["2026-09-02", kubernetes("1.34"), []],
    [
      "2026-09-03",
      kubernetes("1.34"),
      [
        "test.yaml:11:21: warning: Kubernetes 1.34 leaves standard support on 2026-12-02, and from then on an hour of it costs $0.60 instead of $0.10; before that, raise it by one minor version at a time [version-ending]",
      ],
    ],
    [
      "2026-12-02",
      kubernetes("1.34"),
      [
        "test.yaml:11:21: warning: Kubernetes 1.34 left standard support on 2026-12-02, so an hour of it costs $0.60 instead of $0.10; raise it by one minor version at a time [version-ending]",
      ],
    ],
    [
      "2026-12-02",
      kubernetes("1.34", ", extendedSupport: false"),
      [
        "test.yaml:11:21: warning: Kubernetes 1.34 left standard support on 2026-12-02, so AWS upgrades it at a time of its own, which fails deployments until the file has followed; raise it by one minor version at a time [version-ending]",
      ],
    ],
    [
      "2027-12-02",
      kubernetes("1.34"),
      [
        "test.yaml:11:21: warning: Kubernetes 1.34 has no support since 2027-12-02, and AWS upgrades it by itself; raise it by one minor version at a time [version-ending]",
      ],
    ],
    [
      "2026-12-30",
      aurora("17.5"),
      [
        "test.yaml:11:28: warning: Aurora PostgreSQL 17.5 leaves standard support on 2026-12-31, and from then on AWS upgrades it in a maintenance window, which fails deployments until the file has followed; before that, choose a newer minor version [version-ending]",
      ],
    ],
    [
      "2030-01-01",
      aurora("17.7"),
      [
        "test.yaml:11:28: warning: Aurora PostgreSQL 17 leaves standard support on 2030-02-28, and from then on each vCPU or ACU of it costs extra; before that, choose a newer major version and try it on a copy [version-ending]",
      ],
    ],
  ])("on %s, of %s, is said with what follows and what to do", (today, yaml, lines) => {
    expect(said(yaml, today).filter((line) => sameLayer(yaml, line))).toEqual(lines);
  });

  test("is not said of one that is newer than the tables", () => {
    expect(said(aurora("17.99"), "2029-01-01").join("\n")).not.toMatch(/Aurora PostgreSQL .*support/);
    expect(said(kubernetes("1.99"), "2029-01-01").join("\n")).not.toMatch(/Kubernetes .*support/);
  });

  test("is in no file that is written, since that would be another one on another day", () => {
    const environment = parse(`${MINIMAL}${kubernetes("1.28")}${aurora("15.8")}`);
    expect(environment.warnings.length).toBeGreaterThan(3);
    expect(accessReport(accessPlan(environment), environment.warnings)).not.toMatch(/1\.28|15\.8/);
  });

  test("is nobody's concern when the cluster or database was there already", () => {
    const existing = "cluster: { existing: { name: platform } }\ndatabase: { existing: { cluster: shop } }\n";
    expect(said(existing, "2040-01-01")).toEqual([]);
  });
});

/** A file that names one version has the other by default, and that ends too. */
function sameLayer(yaml: string, line: string): boolean {
  return yaml.startsWith("cluster") === line.includes("Kubernetes");
}
