import { expect, jest, test } from "@jest/globals";
import { Client, type ClientConfig } from "pg";
import { loginTokens } from "../../../../board/login-tokens";
import { createAuthority, issueCertificate } from "../../../../lib/certificates";
import { startGateway } from "../../../../tools/laptop/gateway/gateway";
import { startServer } from "../../../../tools/postgres/embedded-server";
import { DATABASE, TIMEOUT, useFixture } from "./fixture";

const fixture = useFixture();

/** All that a fake clock would hold still. */
const TIMERS = [
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "setTimeout",
  "clearTimeout",
] as const;

/** A login fails like this; a good one works after it, and the log says why, without what is secret. */
async function refused(changes: ClientConfig, code: string, message: string, reason: string) {
  await expect(fixture.connect(changes)).rejects.toMatchObject({ code, message });
  expect(fixture.log).toHaveLength(1);
  expect(fixture.log[0]).toContain(reason);
  expect(fixture.log[0]).not.toMatch(/X-Amz-Sig|wJalr|FwoGZ|secret/);
  await works({});
}

async function works(changes: ClientConfig, user = changes.user ?? "orders_api") {
  const client = await fixture.connect(changes);
  const { rows } = await client.query("SELECT current_user AS user, session_user AS session");
  expect(rows).toEqual([{ user, session: user }]);
  await client.end();
}

test("a member of rds_iam, also through a group, logs in by a token of the AWS SDK, with verify-full", () =>
  works({}));

test("a member of rds_iam that may not become it logs in by a token all the same", async () => {
  const admin = await fixture.server.connect();
  await admin.query("CREATE ROLE apart LOGIN; GRANT rds_iam TO apart WITH INHERIT FALSE, SET FALSE");
  const credentials = fixture.iam.credentials("apart");
  const password = () => fixture.token(credentials, { username: "apart" });
  await works({ user: "apart", password });
  const client = await fixture.connect({ user: "apart", password });
  await expect(client.query("SET ROLE rds_iam")).rejects.toThrow('permission denied to set role "rds_iam"');
});

test("one token logs in many times, and a client that keeps tokens never sends one that has expired", async () => {
  const start = Date.now();
  const sent: string[] = [];
  const tokens = loginTokens(
    { host: "localhost", port: fixture.gateway.port, user: "orders_api", region: "eu-west-1" },
    async () => fixture.iam.credentials("orders_api", { expiration: new Date(Date.now() + 20 * 60_000) }),
  );
  const password = async () => {
    const token = await tokens.get();
    sent.push(token);
    return token;
  };
  // Only what Date says moves: an hour in which somebody connects every four minutes.
  try {
    for (let minutes = 0; minutes <= 60; minutes += 4) {
      jest.useFakeTimers({ now: start + minutes * 60_000, doNotFake: [...TIMERS] });
      await works({ password });
      jest.useRealTimers();
    }
  } finally {
    jest.useRealTimers();
  }
  expect(sent).toHaveLength(16);
  expect(new Set(sent).size).toBe(6);
});

test("the admin logs in by password, and no token is asked of it although it grants rds_iam", async () => {
  const admin = await fixture.connect({ user: "postgres", password: fixture.server.adminPassword });
  // Since PostgreSQL 16 the creator of a role is a member of it, for granting only.
  await admin.query("CREATE ROLE made_by_admin LOGIN IN ROLE rds_iam");
  await works({ user: "postgres", password: fixture.server.adminPassword });
  await admin.query("DROP ROLE made_by_admin");
});

test("a user outside rds_iam logs in by its password", () => works({ user: "legacy", password: "legacy" }));

test("an admin that inherits rds_iam needs a token, as on RDS", async () => {
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query("GRANT rds_iam TO postgres WITH INHERIT TRUE");
  try {
    const message = 'PAM authentication failed for user "postgres"';
    await refused(
      { user: "postgres", password: fixture.server.adminPassword },
      "28000",
      message,
      "is no token",
    );
  } finally {
    await superuser.query("REVOKE rds_iam FROM postgres");
  }
  await works({ user: "postgres", password: fixture.server.adminPassword });
});

test.each([
  ["the admin with a wrong password", "postgres", "secret"],
  ["another user with a wrong password", "legacy", "secret"],
  ["a user without a password", "unused", "secret"],
])("%s is refused by the server", async (_, user, password) => {
  const message = `password authentication failed for user "${user}"`;
  await refused({ user, password }, "28P01", message, "password authentication failed");
});

test.each([
  ["RDS's superuser", "rdsadmin"],
  ["an unknown user", "nobody"],
  ["a user whose first 63 bytes are another's", `${"u".repeat(63)}x`],
  ["a name with quotes", `or"ders'; DROP ROLE orders_api; --`],
  ["a name of other letters", "zażółć\u202e\n"],
])("%s is refused, whatever the password", async (_, user) => {
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query(`CREATE ROLE ${"u".repeat(63)} LOGIN IN ROLE rds_iam; GRANT rds_iam TO rdsadmin`);
  try {
    const message = `password authentication failed for user "${user}"`;
    const token = await fixture.token(fixture.iam.credentials(user), { username: user });
    await refused({ user, password: token }, "28P01", message, "nobody may log in as this user");
    expect(fixture.log[0]).not.toMatch(/[^ -~]/);
  } finally {
    await superuser.query(`REVOKE rds_iam FROM rdsadmin; DROP ROLE ${"u".repeat(63)}`);
  }
});

test("a name that is no identifier logs in by a token, too", async () => {
  const user = `my "api" zażółć`;
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query(`CREATE ROLE "my ""api"" zażółć" LOGIN IN ROLE rds_iam`);
  const credentials = fixture.iam.credentials(user);
  await works({ user, password: () => fixture.token(credentials, { username: user }) });
});

test("a user that may not log in is refused by the server, after its token was accepted", async () => {
  const credentials = fixture.iam.credentials("reporting");
  await expect(
    fixture.connect({
      user: "reporting",
      password: () => fixture.token(credentials, { username: "reporting" }),
    }),
  ).rejects.toMatchObject({ code: "28000", message: 'role "reporting" is not permitted to log in' });
});

test("RDS's own database is rejected", () =>
  refused(
    { database: "rdsadmin" },
    "28000",
    'pg_hba.conf rejects connection for host "127.0.0.1", user "orders_api", database "rdsadmin", SSL encryption',
    "RDS's own",
  ));

test("a plain-text connection is refused before any password is asked for", () =>
  refused(
    { ssl: false, password: () => Promise.reject(new Error("was asked for a password")) },
    "28000",
    'no pg_hba.conf entry for host "127.0.0.1", user "orders_api", database "postgres", no encryption',
    "not encrypted",
  ));

test("who does not trust the certificate, or wants another host, does not connect", async () => {
  await expect(fixture.connect({ ssl: true })).rejects.toThrow("certificate");
  await expect(
    fixture.connect({ host: "127.0.0.1", ssl: { ca: fixture.ca, servername: "db.example.com" } }),
  ).rejects.toThrow("does not match");
  await works({});
});

test("replication is refused to a member of rds_iam", async () => {
  const client = new Client({ ...fixture.config(), replication: "true" } as ClientConfig);
  await expect(client.connect()).rejects.toMatchObject({ code: "28000" });
});

test(
  "a user whom the server lets in unasked is cut off: it may have joined rds_iam a moment ago",
  async () => {
    const trusting = await startServer();
    await (await trusting.connect()).query("CREATE ROLE legacy LOGIN PASSWORD 'legacy'");
    const log: string[] = [];
    const gateway = await startGateway({
      certificate: await issueCertificate(await createAuthority(), ["localhost"]),
      database: DATABASE,
      upstream: trusting,
      iam: fixture.iam,
      log: (line) => log.push(line),
    });
    const login = { ...fixture.config(), port: gateway.port, user: "legacy", password: "legacy" };
    await expect(
      new Client({ ...login, ssl: { rejectUnauthorized: false } }).connect(),
    ).rejects.toMatchObject({ code: "28P01" });
    expect(log).toEqual([expect.stringContaining("let it in without a password")]);
    await gateway.stop();
    await trusting.stop();
  },
  TIMEOUT,
);
