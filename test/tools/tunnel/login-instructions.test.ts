import { expect, test } from "@jest/globals";
import { loginInstructions, loginVariables } from "../../../tools/tunnel/login-instructions";

const login = {
  name: "on-call",
  databaseUser: "on_call",
  database: "shop",
  endpoint: { host: "db.example.com", port: 5432 },
  ca: "",
  token: () => Promise.resolve(""),
};
const ports = { port: 1083, secret: "5f0f2eaa", close: () => Promise.resolve() };

test("a command logs in by the port, unencrypted on this machine, and insists that the port knows the secret as well", () => {
  expect(loginVariables(login, ports)).toEqual({
    PGHOST: "127.0.0.1",
    PGPORT: "1083",
    PGUSER: "on_call",
    PGDATABASE: "shop",
    PGPASSWORD: "5f0f2eaa",
    PGSSLMODE: "disable",
    PGREQUIREAUTH: "scram-sha-256",
  });
});

test("people are told host, port, database, user and password, and where readers are only when they have a port", () => {
  const said = loginInstructions(login, ports);
  expect(said).toContain("host 127.0.0.1, port 1083, database shop, user on_call, no SSL\n");
  expect(said).toContain("password, until this ends: 5f0f2eaa\n");
  expect(said).toContain('psql "host=127.0.0.1 port=1083 user=on_call dbname=shop sslmode=disable"\n');
  expect(said).toContain("verified for db.example.com.");
  expect(said).not.toContain("readers");
  const reader = { host: "ro.example.com", port: 5432 };
  expect(loginInstructions({ ...login, reader }, { ...ports, readersPort: 1084 })).toContain(
    "The readers, ro.example.com, are on port 1084, with the same password.",
  );
});
