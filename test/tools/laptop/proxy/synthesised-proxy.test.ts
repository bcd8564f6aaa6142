import { expect, test } from "@jest/globals";
import { proxyCredentials } from "../../../../tools/laptop/proxy/proxy-credentials";
import { synthesisedProxy } from "../../../../tools/laptop/proxy/synthesised-proxy";
import type { SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import type { ServiceCall } from "../../../../tools/laptop/token-service/service-call";
import { layersOf } from "../../../helpers/app";
import { MINIMAL, parse } from "../../../helpers/environment";

const environment = (proxy: string) => parse(`${MINIMAL}database: { readers: 1${proxy} }\n`);
const PROXIED = JSON.stringify(
  layersOf(environment(", proxy: { connectionsPercent: 60, idleClientTimeout: 5min, borrowTimeout: 30s }"))(
    "database",
  ),
);

test("the proxy is the one of the database stack, with its role, its endpoints and its limits", () => {
  expect(synthesisedProxy(JSON.parse(PROXIED))).toMatchObject({
    role: {
      name: "test-database-proxy",
      assume_role_policy: expect.stringContaining('"Service":"rds.amazonaws.com"'),
    },
    readers: false,
    limits: { sessions: 58, borrowTimeout: 30_000, idleClientTimeout: 300_000 },
  });
  expect(synthesisedProxy({})).toBeUndefined();
});

test.each<[string, string, string]>([
  ["takes passwords of secrets", '"default_auth_scheme":"IAM_AUTH"', '"default_auth_scheme":"NONE"'],
  ["has a secret", '"require_tls":true', '"require_tls":true,"auth":[{"secret_arn":"x"}]'],
  ["lets clients in without TLS", '"require_tls":true', '"require_tls":false'],
  ["is of another engine", '"engine_family":"POSTGRESQL"', '"engine_family":"MYSQL"'],
  ["has a role from elsewhere", '"role_arn":"${aws_iam_role.', '"role_arn":"${aws_iam_role.x'],
  [
    "sets up sessions by SQL",
    '"max_idle_connections_percent"',
    '"init_query":"SET ROLE x","max_idle_connections_percent"',
  ],
  [
    "has a policy beside that of the access stack",
    '"aws_iam_role_policy":{',
    '"aws_iam_role_policy":{"more":{"role":"test-database-proxy"},',
  ],
])("a proxy that %s is not played", (_, from, to) => {
  expect(PROXIED).toContain(from);
  expect(() => synthesisedProxy(JSON.parse(PROXIED.replace(from, () => to)))).toThrow("Not understood");
});

test("the proxy takes its role as RDS, keeps what it got, and renews it before its end", async () => {
  const calls: ServiceCall[] = [];
  let lasts = 301;
  const callBy = (call: ServiceCall): SessionCredentials => {
    calls.push(call);
    const expiration = new Date(Date.now() + lasts * 1000);
    const { roleArn } = call;
    return { accessKeyId: `${calls.length}`, secretAccessKey: "", sessionToken: "", expiration, roleArn };
  };
  const role = {
    partition: "aws",
    account: "123456789012",
    region: "eu-west-1",
    roleName: "dev-database-proxy",
  };
  const kept = proxyCredentials({ callBy }, role);
  expect([(await kept()).accessKeyId, (await kept()).accessKeyId]).toEqual(["1", "1"]);
  const roleArn = "arn:aws:iam::123456789012:role/dev-database-proxy";
  expect(calls).toEqual([{ service: "rds.amazonaws.com", roleArn, sessionName: "proxy" }]);
  lasts = 299;
  const renewed = proxyCredentials({ callBy }, role);
  expect([(await renewed()).accessKeyId, (await renewed()).accessKeyId]).toEqual(["2", "3"]);
});
