import { DRIFT_KINDS, DRIFT_TOPICS, type NamedDrift } from "../../../model/config/verify/drift";
import type { VerifiedDatabase } from "../result";

type Labels = Readonly<Record<string, string>>;

/** The gauges. Each has the label `environment`; none says what was found, which would make a series of every finding. */
const GAUGES = {
  postgresql_access_verification_success:
    "Whether the last verification could look: 1, or 0 when it could not.",
  postgresql_access_verification_last_success_timestamp_seconds: "When a verification could last look.",
  postgresql_access_findings: "Differences between the access plan and the live database that count.",
  postgresql_access_accepted_findings:
    "Differences that the environment file accepts and that do not count yet.",
  postgresql_access_acceptances_no_longer_found:
    "Differences that the environment file accepts and that are not there.",
  postgresql_access_holds: "Things that are as planned.",
  postgresql_access_not_checked: "Parts that could not be compared.",
} as const;

type Gauge = keyof typeof GAUGES;

const LAST_SUCCESS = "postgresql_access_verification_last_success_timestamp_seconds";

/**
 * Prometheus' text format, for the textfile collector of the node exporter: every topic and kind is there, with 0 as well, so
 * that a series begins before there is anything to find.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusReport(verified: VerifiedDatabase): string {
  const { environment, holds, findings, accepted, noLongerFound, notChecked, now } = verified;
  const byTopic = (found: readonly NamedDrift[]) =>
    DRIFT_TOPICS.flatMap((topic) =>
      DRIFT_KINDS.map((kind): [Labels, number] => [
        { topic, kind },
        found.filter((finding) => finding.topic === topic && finding.kind === kind).length,
      ]),
    );
  return exposition(environment, {
    postgresql_access_verification_success: [[{}, 1]],
    [LAST_SUCCESS]: [[{}, Math.floor(now.getTime() / 1000)]],
    postgresql_access_findings: byTopic(findings),
    postgresql_access_accepted_findings: byTopic(accepted),
    postgresql_access_acceptances_no_longer_found: [[{}, noLongerFound.length]],
    postgresql_access_holds: DRIFT_TOPICS.map((topic) => [{ topic }, holds[topic]]),
    postgresql_access_not_checked: [[{}, notChecked.length]],
  });
}

/**
 * The same of a verification that could not look: what it would have found nobody knows, so no other gauge is there.
 * @param before what the last one came to, of which the time of the last success stays. @default nobody knows
 */
export function prometheusFailure(environment: string, before = ""): string {
  const [, last] = new RegExp(`^${LAST_SUCCESS}\\{.*\\} (\\d+)$`, "m").exec(before) ?? [];
  return exposition(environment, {
    postgresql_access_verification_success: [[{}, 0]],
    ...(last !== undefined && { [LAST_SUCCESS]: [[{}, Number(last)]] }),
  });
}

function exposition(
  environment: string,
  samples: Readonly<Partial<Record<Gauge, readonly (readonly [Labels, number])[]>>>,
): string {
  const lines = Object.entries(GAUGES).flatMap(([name, help]) => {
    const of = Object.entries(samples).find(([gauge]) => gauge === name)?.[1] ?? [];
    if (of.length === 0) return [];
    return [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...of.map(([labels, value]) => `${name}{${labelsText({ environment, ...labels })}} ${value}`),
    ];
  });
  return lines.join("\n");
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`)
    .join(",");
}
