import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import { randomCases } from "../../../helpers/extent";
import { DATABASE, dbuser, TIMEOUT, useFixture, works } from "./fixture";
import { forge, goodParameters, signAt } from "./tokens";

const fixture = useFixture();
let session: SessionCredentials;
beforeAll(() => {
  session = fixture.iam.credentials("orders_api");
});

const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** A token that the real key signed, although a parameter is wrong. */
function forged(changes: Readonly<Record<string, string | undefined>>): string {
  return forge(
    session,
    { ...goodParameters(session, new Date()), ...changes },
    `localhost:${fixture.gateway.port}`,
  );
}

/** The token of the real signer at another time. */
function signed(at: Date, credentials = session): Promise<string> {
  const { port } = fixture.gateway;
  return signAt(at, {
    hostname: "localhost",
    port,
    username: "orders_api",
    region: "eu-west-1",
    credentials,
  });
}

/** The client is told what RDS says; the reason is in the log alone. */
async function refused(password: string, reason: string | RegExp = "") {
  fixture.log.length = 0;
  await expect(fixture.connect({ password })).rejects.toMatchObject({
    code: "28000",
    message: 'PAM authentication failed for user "orders_api"',
  });
  expect(fixture.log).toEqual([expect.stringMatching(/^refused orders_api from 127\.0\.0\.1:\d+: /)]);
  expect(fixture.log[0]).toMatch(reason);
  expect(fixture.log[0]).not.toMatch(/X-Amz-Signature=|hunter2|wJalr|FwoGZ/);
}

test.each<[string, () => string | Promise<string>, string]>([
  ["that has expired", () => signed(minutes(-15)), "has expired"],
  ["from the future", () => signed(minutes(6)), "in the future"],
  ["for another user", () => fixture.token(session, { username: "postgres" }), "another user: postgres"],
  ["for another host", () => fixture.token(session, { hostname: "127.0.0.1" }), "another host: 127.0.0.1:"],
  ["for another port", () => fixture.token(session, { port: 5432 }), "another host: localhost:5432"],
  ["for another region", () => fixture.token(session, { region: "us-east-1" }), "another region: us-east-1"],
  [
    "of another account's key",
    () => fixture.token({ ...session, accessKeyId: "ASIAFOREIGN" }),
    "never issued",
  ],
  [
    "of a wrong key",
    () => fixture.token({ ...session, secretAccessKey: "guessed" }),
    "signature does not match",
  ],
  ["of another role", () => fixture.token(fixture.iam.credentials("billing_api")), "no policy that allows"],
  [
    "of a session that has expired since",
    () => fixture.token(fixture.iam.credentials("orders_api", { expiration: minutes(-1) })),
    "the session that signed the token expired",
  ],
  ["valid for longer than 15 minutes", () => forged({ "X-Amz-Expires": "901" }), "between 1 and 900"],
  [
    "for another service",
    () => {
      const { "X-Amz-Credential": credential = "" } = goodParameters(session, new Date());
      return forged({ "X-Amz-Credential": credential.replace("rds-db", "rds") });
    },
    "another service: rds",
  ],
  ["with a parameter twice", () => `${forged({})}&DBUser=orders_api`, "DBUser twice"],
  ["with an extra parameter", () => forged({ Extra: "1" }), "not part of one"],
  ["that is a password", () => "hunter2", "is no token"],
  ["that is the admin's password", () => fixture.server.adminPassword, "is no token"],
])("a token %s is refused", async (_, token, reason) => {
  await refused(await token(), reason);
  await works(fixture);
});

test(
  "a token changed in a byte is refused, wherever it is",
  async () => {
    const token = await fixture.token(session);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.integer({ min: 1, max: 127 }),
        async (position, other) => {
          const code = token.charCodeAt(position);
          // A zero byte ends the password, which is an error of the protocol.
          const changed = String.fromCharCode(code ^ other || 1);
          await refused(token.slice(0, position) + changed + token.slice(position + 1));
        },
      ),
      randomCases(60),
    );
    await works(fixture);
  },
  TIMEOUT,
);

describe("a token that was good", () => {
  test("logs in more than once while it is valid, as on RDS", async () => {
    const password = await fixture.token(session);
    for (const _ of [1, 2]) await (await fixture.connect({ password })).end();
  });

  test("is worth nothing from the moment its role loses the grant, and something when it has it again", async () => {
    const password = await fixture.token(session);
    await (await fixture.connect({ password })).end();
    fixture.iam.grants.delete(session.roleArn);
    await refused(password, `no policy that allows rds-db:connect on ${dbuser("orders_api")}`);
    fixture.iam.grants.set(session.roleArn, dbuser("orders_api", "cluster-RESTORED"));
    await refused(password, DATABASE.resourceId);
    fixture.iam.grants.set(session.roleArn, dbuser("orders_api"));
    await (await fixture.connect({ password })).end();
  });

  test("is worth nothing once its user has left rds_iam", async () => {
    const admin = await fixture.server.connect();
    await admin.query("REVOKE services FROM orders_api");
    await expect(fixture.connect()).rejects.toMatchObject({ code: "28P01" });
    await admin.query("GRANT services TO orders_api");
    await works(fixture);
  });

  test("opens the session of no other user", async () => {
    const password = await fixture.token(session);
    for (const user of ["postgres", "legacy", "rdsadmin", "nobody"]) {
      await expect(fixture.connect({ user, password })).rejects.toMatchObject({ code: "28P01" });
    }
    await expect(fixture.connect({ user: "reporting", password })).rejects.toMatchObject({ code: "28000" });
    await works(fixture);
  });
});
