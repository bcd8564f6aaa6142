import { describe, expect, test } from "@jest/globals";
import { readSettings } from "../../board/settings";

describe("the board is told", () => {
  const given = {
    PGHOST: "db.example",
    PGPORT: "5432",
    PGDATABASE: "d",
    PGUSER: "u",
    PGSSLROOTCERT: "ca.pem",
    AWS_REGION: "eu-west-1",
  };
  const read = (env: Record<string, string> = {}) =>
    readSettings({ ...given, ...env }, () => "-----BEGIN CERTIFICATE-----");

  test("nothing of it: then it has no name, and answers as often as many people would ask", () => {
    expect(read()).toMatchObject({ settings: { hosts: [], limits: { client: 300, all: 3000 }, proxies: 0 } });
  });

  test("its names, its limits and how many load balancers are in front of it", () => {
    const env = {
      ALLOWED_HOSTS: " Board.example, board.ns.svc,,",
      RATE_LIMIT_CLIENT: "5",
      RATE_LIMIT: "7",
      TRUSTED_PROXIES: "2",
    };
    expect(read(env)).toMatchObject({
      settings: { hosts: ["board.example", "board.ns.svc"], limits: { client: 5, all: 7 }, proxies: 2 },
    });
  });

  test("what is wrong with them, all at once", () => {
    const env = {
      ALLOWED_HOSTS: "a.example:80,http://b.example,*.c.example,d.example",
      RATE_LIMIT_CLIENT: "0",
      RATE_LIMIT: "many",
      TRUSTED_PROXIES: "-1",
    };
    const names = "ALLOWED_HOSTS must be host names with commas between them, without ports, got:";
    expect(read(env)).toEqual({
      problems: [
        `${names} a.example:80.`,
        `${names} http://b.example.`,
        `${names} *.c.example.`,
        "RATE_LIMIT_CLIENT must be a whole number from 1 to 1000000, got: 0.",
        "RATE_LIMIT must be a whole number from 1 to 1000000, got: many.",
        "TRUSTED_PROXIES must be a whole number from 0 to 9, got: -1.",
      ],
    });
  });
});
