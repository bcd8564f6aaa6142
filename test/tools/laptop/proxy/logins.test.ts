import { expect, test } from "@jest/globals";
import type { ClientConfig } from "pg";
import { dbuser } from "../gateway/fixture";
import { PROXY, useProxy } from "./fixture";

const fixture = useProxy();

/** A login fails like this, and the log says why, without what is secret. */
async function refused(changes: ClientConfig, code: string, message: string, ...reasons: readonly string[]) {
  await expect(fixture.connect(changes)).rejects.toMatchObject({ code, message });
  expect(fixture.log).toEqual(reasons.map((reason) => expect.stringContaining(reason)));
  expect(fixture.log.join()).not.toMatch(/X-Amz-Sig|wJalr|FwoGZ|secret/);
}

const failed = (user: string) =>
  `The IAM authentication failed for the role ${user}. Check the IAM token for this role and try again.`;

test("a client is who its token is for, in a session that the proxy logs in to with a token of its own", async () => {
  const client = await fixture.connect({ application_name: "shop" });
  const { rows } = await client.query(
    "SELECT session_user AS session, current_user AS user, current_setting('application_name') AS name",
  );
  expect(rows).toEqual([{ session: "orders_api", user: "orders_api", name: "shop" }]);
  await client.end();
});

test("a token for the cluster is worth nothing at the proxy, and one for the proxy nothing at the cluster", async () => {
  const own = fixture.iam.credentials("orders_api");
  const forCluster = await fixture.token(own, { port: fixture.cluster.port });
  await refused({ password: forCluster }, "28P01", failed("orders_api"), "another host: localhost:");
  fixture.log.length = 0;
  const forProxy = await fixture.token(own);
  const message = 'PAM authentication failed for user "orders_api"';
  const atCluster = { port: fixture.cluster.port, ssl: { rejectUnauthorized: false } };
  await refused({ ...atCluster, password: forProxy }, "28000", message, "another host: localhost:");
  fixture.log.length = 0;
  // Not even one that is signed for the cluster: the policy names the proxy.
  await refused(
    { ...atCluster, password: forCluster },
    "28000",
    message,
    "no policy that allows rds-db:connect",
  );
});

test("who may connect to the cluster, but not to the proxy, is refused by the proxy", async () => {
  const own = fixture.iam.credentials("orders_api");
  await (await fixture.connect()).end();
  fixture.iam.grants.set(own.roleArn, dbuser("orders_api"));
  try {
    const password = await fixture.token(own);
    await refused({ password }, "28P01", failed("orders_api"), `${PROXY.resourceId}/orders_api`);
  } finally {
    fixture.iam.grants.set(own.roleArn, dbuser("orders_api", PROXY.resourceId));
  }
});

test("a user whom the proxy's role may not connect as gets nowhere, whatever the client may", async () => {
  const message = 'Request returned an error: PAM authentication failed for user "reporting"';
  await refused(
    { user: "reporting" },
    "28000",
    message,
    "dev-database-proxy has no policy",
    "the cluster: PAM",
  );
});

test.each([
  ["a user with a password", "legacy", "28P01", "This RDS proxy has no credentials for the role legacy"],
  ["nobody", "nobody", "28P01", "Request returned an error: password authentication failed"],
  ["RDS's superuser", "rdsadmin", "28P01", "Request returned an error: password authentication failed"],
])("%s is not let in by a token, although IAM would have it", async (_, user, code, message) => {
  fixture.iam.proxied.add(user);
  await expect(fixture.connect({ user })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
  fixture.iam.proxied.delete(user);
});

test("a password is no token", () =>
  refused({ user: "legacy", password: "legacy" }, "28P01", failed("legacy"), "is no token"));

test("a connection without TLS is refused before any password is asked for", () =>
  refused(
    { ssl: false, password: () => Promise.reject(new Error("was asked for a password")) },
    "28000",
    "This RDS Proxy requires TLS connections",
    "not encrypted",
  ));

test("what the database says of a login is handed on", () =>
  refused(
    { database: "nowhere" },
    "3D000",
    'Request returned an error: database "nowhere" does not exist',
    'the cluster: database "nowhere" does not exist',
  ));

test.each<[string, ClientConfig, string]>([
  ["command-line options", { options: "-c statement_timeout=5s" }, "command-line options."],
  [
    "statement_timeout, which pg sends by itself",
    { statement_timeout: 5000 },
    "the option statement_timeout.",
  ],
  ["replication", { replication: "true" } as ClientConfig, "streaming replication mode."],
])("asking for %s when a client starts is refused, as by RDS Proxy", async (_, changes, what) => {
  const message = `Feature not supported: RDS Proxy currently doesn't support ${what}`;
  await refused(changes, "0A000", message, message);
});
