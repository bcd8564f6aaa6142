import { afterEach, beforeEach, expect } from "@jest/globals";
import { type Certificate, createAuthority } from "../../../../lib/certificates";
import type { OidcProvider } from "../../../../model/access/iam";
import { accessPlan } from "../../../../model/access/plan";
import type { LocalRole } from "../../../../tools/laptop/token-service/local-iam";
import {
  type OidcIssuer,
  oidcProvider,
  startIssuer,
} from "../../../../tools/laptop/token-service/oidc-issuer";
import type { PodIdentityAssociation } from "../../../../tools/laptop/token-service/pod-identity-agent";
import { synthesisedRoles } from "../../../../tools/laptop/token-service/synthesised-roles";
import { startTokenService, type TokenService } from "../../../../tools/laptop/token-service/token-service";
import { stackOf, synthApp } from "../../../helpers/app";
import { beforeTests } from "../../../helpers/before-tests";
import { testEnvironment } from "../../../helpers/environment";

const environment = testEnvironment("dev");

/** Long enough for a busy machine. */
export const TIMEOUT = 60_000;

/** The plan of dev. */
export const PLAN = accessPlan(environment);

/** Its access stack, as synthesised. */
export const ACCESS_STACK = stackOf(synthApp(environment), `${PLAN.environment}-access`);

export const { account: ACCOUNT, partition: PARTITION, region: REGION } = PLAN;

export const CLUSTER = "cluster-TEST";

/** ARN of an identity's role. */
export const roleArn = (key: string) => `arn:${PARTITION}:iam::${ACCOUNT}:role/dev-db-${key}`;

/** What the database user of an identity is to IAM. */
export const userArn = (user: string) =>
  `arn:${PARTITION}:rds-db:${REGION}:${ACCOUNT}:dbuser:${CLUSTER}/${user}`;

/** Somebody on call who has signed in. */
export const ON_CALL = `arn:${PARTITION}:iam::${ACCOUNT}:role/OnCall`;

/** The roles of dev, as they are with an OIDC provider. */
export function rolesOfDev(provider: OidcProvider): LocalRole[] {
  return synthesisedRoles(ACCESS_STACK, {
    account: ACCOUNT,
    partition: PARTITION,
    locals: {
      "database-resource-id": CLUSTER,
      "oidc-issuer": provider.issuer,
      "oidc-provider-arn": provider.arn,
    },
  });
}

/** The stand-in for AWS with the roles of dev, its issuer, and a clock that tests may turn. */
export interface TestAws extends TokenService {
  readonly authority: Certificate;
  readonly issuer: OidcIssuer;
  readonly roles: readonly LocalRole[];
  /** What was logged. */
  readonly lines: string[];
  /** Moves the clock on. */
  advance(seconds: number): void;
}

/** What else there is than dev has. */
export interface MoreAws {
  readonly roles?: readonly LocalRole[];
  readonly associations?: readonly PodIdentityAssociation[];
}

/**
 * A token service for the tests of a file; each begins with an empty log, and leaves none with a token in it.
 */
export function useAws(more: MoreAws = {}): TestAws {
  const aws = beforeTests(() => startAws(more), TIMEOUT);
  beforeEach(() => {
    aws.lines.length = 0;
  });
  afterEach(() => expect(aws.lines.join()).not.toMatch(/eyJ|Bearer/));
  return aws;
}

/** The token that the pods of orders-api have. */
export function ordersApi({ issuer }: TestAws): Promise<string> {
  return issuer.serviceAccountToken("shop", "orders-api");
}

/** The EKS cluster whose pods ask. */
export const CLUSTER_ARN = `arn:${PARTITION}:eks:${REGION}:${ACCOUNT}:cluster/dev`;

/** @param more roles beside those of dev, and associations. @default none */
export async function startAws({ roles: more = [], associations = [] }: MoreAws = {}): Promise<TestAws> {
  let ahead = 0;
  const clock = () => Date.now() + ahead;
  const authority = await createAuthority();
  const issuer = await startIssuer(authority, clock);
  const roles = [...rolesOfDev(oidcProvider(issuer, PLAN)), ...more];
  const lines: string[] = [];
  const aws = await startTokenService({
    account: ACCOUNT,
    partition: PARTITION,
    region: REGION,
    issuer,
    authority,
    roles,
    clusterArn: CLUSTER_ARN,
    associations,
    clock,
    log: (line) => lines.push(line),
  });
  return {
    ...aws,
    authority,
    issuer,
    roles,
    lines,
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
    stop: async () => {
      await aws.stop();
      await issuer.stop();
    },
  };
}

/** An answer of the token service. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Code of the error; undefined when there is none. */
  readonly code: string | undefined;
}

/** Sends parameters as a form, unsigned. */
export async function post(url: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  return send(url, { method: "POST", body: new URLSearchParams({ Version: "2011-06-15", ...parameters }) });
}

export async function send(url: string, init?: RequestInit): Promise<Answer> {
  // A connection that the service closes as idle may get a request at the same moment, on a busy machine: as the AWS SDK does,
  // such a one is sent again.
  const response = await fetch(url, init).catch(() => fetch(url, init));
  const body = await response.text();
  return { status: response.status, body, code: /<Code>(.*?)<\/Code>/.exec(body)?.[1] };
}

/** Asks for a role with a token. */
export function assumeWithToken(
  aws: TestAws,
  token: string,
  different: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return post(aws.url, {
    Action: "AssumeRoleWithWebIdentity",
    RoleArn: roleArn("orders-api"),
    RoleSessionName: "test",
    WebIdentityToken: token,
    ...different,
  });
}
