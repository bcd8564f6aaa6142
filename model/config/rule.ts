import { quote } from "../../lib/nearest";
import { partitionOf } from "../aws/regions";
import type { Problem } from "./problem";
import type { EnvironmentFile } from "./schema";

/** A rule that involves more than one value. */
export interface Rule {
  /**
   * The parts of the file it reads, with dots. When the schema refused one of them the rule is left out: what it said
   * would only be a consequence.
   */
  readonly reads: readonly string[];
  readonly check: (file: EnvironmentFile) => readonly Problem[];
}

/**
 * Rules for what is made here. When the section names something that exists, the keys they read are refused beside it,
 * and what they say together is of no interest.
 */
export function whenMade(section: "network" | "cluster" | "database", rules: readonly Rule[]): Rule[] {
  return rules.map(({ reads, check }) => ({
    reads: [`${section}.existing`, ...reads],
    check: (file) => (file[section].existing ? [] : check(file)),
  }));
}

/** An ARN of the file's. */
export interface PlacedArn {
  readonly path: readonly PropertyKey[];
  readonly arn: string;
}

/** What an ARN must share with the file besides the partition. */
export interface ArnMust {
  /** It is of the file's region, and why. @default any */
  readonly region?: string;
  /** It is of the file's account. @default false */
  readonly account?: boolean;
}

/**
 * ARNs must be of the partition, and where AWS demands it of the region or account, that the file names.
 * @param reads where in the file they are
 */
export function arnRule(
  reads: string,
  find: (file: EnvironmentFile) => readonly PlacedArn[],
  must: ArnMust = {},
): Rule {
  return {
    reads: ["region", ...(must.account ? ["account"] : []), reads],
    check: (file) => find(file).flatMap((placed) => arnProblems(placed, file, must)),
  };
}

/** An optional ARN at a path. */
export function optionalArn(path: readonly PropertyKey[], arn: string | undefined): PlacedArn[] {
  return arn === undefined ? [] : [{ path, arn }];
}

/** The ARNs of a list at a path. */
export function listedArns(path: readonly PropertyKey[], arns: readonly string[]): PlacedArn[] {
  return arns.map((arn, index) => ({ path: [...path, index], arn }));
}

function arnProblems({ path, arn }: PlacedArn, file: EnvironmentFile, must: ArnMust): Problem[] {
  const [, partition, , region, account] = arn.split(":");
  const expected = partitionOf(file.region);
  const wrong = (what: string, is: string | undefined, mustBe: string) => [
    { path, message: `the ARN's ${what} is ${is}, but must be ${mustBe}: got ${quote(arn)}` },
  ];
  if (partition !== expected) return wrong("partition", partition, expected);
  if (must.region && region !== file.region) {
    return wrong("region", region, `${file.region}, ${must.region}`);
  }
  return must.account && account !== file.account ? wrong("account", account, file.account) : [];
}
