import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type LoginMethods, loginMethods } from "../../../../tools/laptop/gateway/login-methods";
import { type EmbeddedServer, startServer } from "../../../../tools/postgres/embedded-server";
import { versionsToTry } from "../../../helpers/extent";
import { testUnless } from "../../../helpers/skip";
import { TIMEOUT } from "./fixture";

describe.each(versionsToTry())("PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  let methods: LoginMethods;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version, socketOnly: true });
    methods = loginMethods(server, TIMEOUT);
  }, TIMEOUT);
  afterAll(async () => {
    await methods?.stop();
    await server?.stop();
  });

  testUnless(
    unavailable,
    "members of rds_iam, however far, log in by token, and the admin that made them by password",
    async () => {
      const admin = await server.connect();
      await admin.query(`
        CREATE ROLE direct LOGIN IN ROLE rds_iam;
        CREATE ROLE one IN ROLE rds_iam; CREATE ROLE two IN ROLE one; CREATE ROLE far LOGIN IN ROLE two;
        CREATE ROLE apart LOGIN NOINHERIT IN ROLE rds_iam;
        CREATE ROLE outside LOGIN;
        CREATE ROLE "Any ""name""" LOGIN IN ROLE rds_iam`);
      for (const user of ["direct", "far", "apart", 'Any "name"', "one"]) {
        expect([user, await methods.of(user)]).toEqual([user, "token"]);
      }
      for (const user of ["outside", "postgres", "rds_superuser"]) {
        const method = user === "rds_superuser" && version >= 16 ? "token" : "password";
        expect([user, await methods.of(user)]).toEqual([user, method]);
      }
    },
  );

  testUnless(unavailable, "superusers, and users that do not exist, do not log in at all", async () => {
    const superuser = await server.connect({ user: "rdsadmin" });
    const long = "u".repeat(63);
    await superuser.query(`GRANT rds_iam TO rdsadmin; CREATE ROLE ${long} LOGIN IN ROLE rds_iam`);
    for (const user of ["rdsadmin", "nobody", "", "DIRECT", `${long}u`, "'; --"]) {
      expect([user, await methods.of(user)]).toEqual([user, "none"]);
    }
  });

  testUnless(
    unavailable,
    "a membership counts at once, in both directions, and after a restart",
    async () => {
      const admin = await server.connect();
      await admin.query("CREATE ROLE joining LOGIN");
      expect(await methods.of("joining")).toBe("password");
      await admin.query("GRANT rds_iam TO joining");
      expect(await methods.of("joining")).toBe("token");
      await server.restart({ mode: "immediate" });
      expect(await methods.of("joining")).toBe("token");
      await (await server.connect()).query("REVOKE rds_iam FROM joining");
      expect(await methods.of("joining")).toBe("password");
    },
    TIMEOUT,
  );

  testUnless(unavailable, "an admin that inherits rds_iam logs in by token", async () => {
    const superuser = await server.connect({ user: "rdsadmin" });
    await superuser.query(`GRANT rds_iam TO postgres${version >= 16 ? " WITH INHERIT TRUE" : ""}`);
    expect(await methods.of("postgres")).toBe("token");
  });
});

test("asking a server that is not there fails", async () => {
  const methods = loginMethods({ socketFolder: "/nonexistent", port: 5432 }, TIMEOUT);
  await expect(methods.of("postgres")).rejects.toMatchObject({ code: "ENOENT" });
  await methods.stop();
});
