import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkToken, type Login } from "../../../../tools/laptop/gateway/check-token";
import { uriEncode } from "../../../../tools/laptop/token-service/signature";
import { randomCases } from "../../../helpers/extent";
import { DATABASE, dbuser, TestIam } from "./fixture";
import { forge as forgeToken, goodParameters, type SignerOptions, signAt } from "./tokens";

/** When the tokens of these tests are signed. */
const NOW = new Date("2026-11-22T09:30:00Z");
const EXPIRATION = new Date("2026-11-22T10:30:00Z");
const LOGIN: Login = { user: "orders_api", endpoint: "localhost:5432", database: DATABASE, now: NOW };

const iam = new TestIam();
const session = iam.credentials("orders_api", { expiration: EXPIRATION });

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const check = (token: string, changes: Partial<Login> = {}) =>
  checkToken(token, { ...LOGIN, ...changes }, iam);

/** Why a token is refused; undefined when it is not. */
function reason(token: string, changes: Partial<Login> = {}): string | undefined {
  const verdict = check(token, changes);
  return verdict.accepted ? undefined : verdict.reason;
}

/** A token of the unmodified signer, signed at the given time. */
function sign(changes: Partial<SignerOptions> = {}, at = NOW): Promise<string> {
  const good = { hostname: "localhost", port: 5432, username: "orders_api", region: "eu-west-1" };
  return signAt(at, { ...good, credentials: session, ...changes });
}

const PARAMETERS = goodParameters(session, NOW);

const forge = (changes: Readonly<Record<string, string | undefined>> = {}, host = LOGIN.endpoint) =>
  forgeToken(session, { ...PARAMETERS, ...changes }, host);

describe("a good token", () => {
  test("of the AWS SDK is accepted, for the role that signed it", async () => {
    expect(check(await sign())).toEqual({ accepted: true, roleArn: session.roleArn });
  });

  test("is accepted with its parameters in any order, and without the slash, as the SDK for Go writes it", () => {
    const [host = "", query = ""] = forge().split("/?");
    fc.assert(
      fc.property(fc.shuffledSubarray(query.split("&"), { minLength: 9 }), fc.boolean(), (parts, slash) => {
        expect(reason(`${host}${slash ? "/?" : "?"}${parts.join("&")}`)).toBeUndefined();
      }),
    );
  });

  test("is accepted for a user of any letters", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (user) => {
        iam.grants.set(session.roleArn, dbuser(user));
        expect(reason(await sign({ username: user }), { user })).toBeUndefined();
      }),
    );
    iam.grants.set(session.roleArn, dbuser("orders_api"));
  });

  test("is accepted from the moment it is signed, by a clock five minutes ahead, until it expires", async () => {
    const token = await sign();
    for (const seconds of [-300, 0, 899]) expect(reason(token, { now: later(seconds) })).toBeUndefined();
    expect(reason(token, { now: later(-301) })).toContain("in the future");
    expect(reason(token, { now: later(900) })).toContain("has expired");
  });
});

test("a token that is changed in any one byte is refused", async () => {
  const token = await sign();
  expect(reason(token)).toBeUndefined();
  for (let position = 0; position < token.length; position++) {
    const code = token.charCodeAt(position);
    const bitFlips = [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => String.fromCharCode(code ^ (1 << bit)));
    for (const replacement of [...bitFlips, "%", "&", "=", "+", " ", "\0", "é"]) {
      if (replacement === token[position]) continue;
      const changed = token.slice(0, position) + replacement + token.slice(position + 1);
      if (reason(changed) === undefined) throw new Error(`accepted with ${replacement} at ${position}`);
    }
  }
});

test("a token with a byte left out or put in is refused, but for the slash that some signers leave out", async () => {
  const token = await sign();
  const slash = token.indexOf("/?");
  for (let position = 0; position <= token.length; position++) {
    const [before, after] = [token.slice(0, position), token.slice(position)];
    for (const changed of [
      before + after.slice(1),
      `${before}0${after}`,
      `${before}&${after}`,
      `${before}/${after}`,
    ]) {
      if (changed === token || changed === token.slice(0, slash) + token.slice(slash + 1)) continue;
      if (reason(changed) === undefined) throw new Error(`accepted: ${changed}`);
    }
  }
});

test.each<[string, string, string]>([
  ["for another host", "another host: db.example.com:5432", forge({}, "db.example.com:5432")],
  ["for another port", "another host: localhost:5433", forge({}, "localhost:5433")],
  ["for a host in capitals", "another host: LOCALHOST:5432", forge({}, "LOCALHOST:5432")],
  ["without a port", "is no token", forge({}, "localhost")],
  ["for another user", "another user: billing_api", forge({ DBUser: "billing_api" })],
  ["for nobody", "lacks DBUser", forge({ DBUser: "" })],
  ["for another action", "Action is not connect", forge({ Action: "describe" })],
  [
    "with another algorithm",
    "X-Amz-Algorithm is not",
    forge({ "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" }),
  ],
  [
    "with more signed headers",
    "X-Amz-SignedHeaders is not",
    forge({ "X-Amz-SignedHeaders": "host;x-amz-date" }),
  ],
  ["valid for longer than 15 minutes", "between 1 and 900", forge({ "X-Amz-Expires": "901" })],
  ["valid for ever", "between 1 and 900", forge({ "X-Amz-Expires": "86400" })],
  ["valid for no time", "between 1 and 900", forge({ "X-Amz-Expires": "0" })],
  ["valid for less than no time", "between 1 and 900", forge({ "X-Amz-Expires": "-1" })],
  ["valid for a number of another form", "between 1 and 900", forge({ "X-Amz-Expires": "9e2" })],
  ["valid for a number with zeros", "between 1 and 900", forge({ "X-Amz-Expires": "0900" })],
  ["signed in the future", "in the future", forge({ "X-Amz-Date": "20261122T094000Z" })],
  ["signed 15 minutes ago", "has expired", forge({ "X-Amz-Date": "20261122T091500Z" })],
  ["signed long ago", "has expired", forge({ "X-Amz-Date": "20261122T000000Z" })],
  ["signed on a day that is none", "is no time", forge({ "X-Amz-Date": "20260231T093000Z" })],
  ["signed at no time", "is no time", forge({ "X-Amz-Date": "2026-11-22T09:30:00Z" })],
  ["without a time", "lacks X-Amz-Date", forge({ "X-Amz-Date": undefined })],
  ["without a session", "lacks X-Amz-Security-Token", forge({ "X-Amz-Security-Token": undefined })],
  ["with another session's token", "not that of its session", forge({ "X-Amz-Security-Token": "FwoGother" })],
  ["with a parameter too many", "not part of one", forge({ "X-Amz-Meta": "1" })],
  ["with a parameter of another case", "not part of one", forge({ DBUser: undefined, dbuser: "orders_api" })],
])("a token %s is refused, though its signature is right: %s", (_, expected, token) => {
  expect(reason(token)).toContain(expected);
});

test.each<[string, string, string]>([
  ["day", "20261121/eu-west-1/rds-db/aws4_request", "of another day"],
  ["region", "20261122/us-east-1/rds-db/aws4_request", "another region: us-east-1"],
  ["service", "20261122/eu-west-1/rds/aws4_request", "another service: rds"],
  ["end", "20261122/eu-west-1/rds-db/aws4", "no credential scope"],
  ["length", "20261122/eu-west-1/rds-db/aws4_request/more", "no credential scope"],
])("a token whose scope has another %s is refused", (_, scope, expected) => {
  expect(reason(forge({ "X-Amz-Credential": `${session.accessKeyId}/${scope}` }))).toContain(expected);
});

test("a parameter that comes twice is refused, the same or not", () => {
  for (const [name, value] of Object.entries(PARAMETERS)) {
    for (const again of [value, "another"]) {
      expect(reason(`${forge()}&${name}=${uriEncode(again)}`)).toContain(`${name} twice`);
    }
  }
  expect(reason(`${forge()}&X-Amz-Signature=${"0".repeat(64)}`)).toContain("X-Amz-Signature twice");
});

test("the key of another account, and of another role, opens nothing", async () => {
  const foreign = { ...session, accessKeyId: "ASIAFOREIGN", sessionToken: "FwoGforeign" };
  expect(reason(await sign({ credentials: foreign }))).toContain("never issued");
  const guessed = { ...session, secretAccessKey: "guessed" };
  expect(reason(await sign({ credentials: guessed }))).toContain("signature does not match");
  const billing = iam.credentials("billing_api", { expiration: EXPIRATION });
  expect(reason(await sign({ credentials: billing }))).toContain("no policy that allows");
});

test("a grant on another cluster, or taken away, opens nothing", async () => {
  const token = await sign();
  iam.grants.set(session.roleArn, dbuser("orders_api", "cluster-RESTORED"));
  expect(reason(token)).toContain(`no policy that allows rds-db:connect on ${dbuser("orders_api")}`);
  iam.grants.delete(session.roleArn);
  expect(reason(token)).toContain("no policy that allows");
  iam.grants.set(session.roleArn, dbuser("orders_api"));
  expect(reason(token)).toBeUndefined();
});

test("a token is worth nothing once the session that signed it has expired", async () => {
  const token = await sign({}, new Date("2026-11-22T10:29:00Z"));
  expect(reason(token, { now: new Date(EXPIRATION.getTime() - 1) })).toBeUndefined();
  expect(reason(token, { now: EXPIRATION })).toContain("expired at 2026-11-22T10:30:00.000Z");
});

test("what is no token is refused, and neither quoted nor an error", () => {
  for (const password of [
    "",
    "hunter2",
    "hunter2?x",
    "hunter2:1/?Action=connect",
    "http://localhost:5432/?",
    "%",
  ]) {
    expect(reason(password)).toMatch(/token/);
    expect(reason(password)).not.toContain("hunter2");
  }
  const part = fc.oneof(fc.string(), fc.constantFrom(...forge().split(/([/?&=%])/)));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      expect(reason(parts.join(""))).toBeDefined();
    }),
    randomCases(2000),
  );
});
