import { describe, expect, test } from "@jest/globals";
import { SCHEMA } from "../../../../board/migrations";
import { BOARD_SCHEMA } from "../../../../model/config/demo/rules";
import { parse, problemsOf } from "../../../helpers/environment";

const HEAD = `name: test
account: "123456789012"
region: eu-west-1
access:
  databases: { shop: [messages, orders], other: [messages] }
  namespaces: { m: {}, n: {} }
`;
const SERVICES = `  services:
    board: { namespace: n, grants: { shop.messages: read-write } }
    migrations: { namespace: n, grants: { shop.messages: owner } }
`;
const DIGEST = `sha256:${"0f".repeat(32)}`;

const withDemo = (keys: string, services = SERVICES) =>
  `${HEAD}${services}demo: { service: board, migrations: migrations, ${keys} }\n`;
const problems = (keys: string, services?: string) => problemsOf(withDemo(keys, services));
const IMAGE = "image: x:1";

describe("the image", () => {
  test.each([
    "message-board:1.0.0",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/message-board:1.0.0",
    "localhost:5000/team/message_board:v1-rc.2",
    `ghcr.io/acme/board@${DIGEST}`,
    `ghcr.io/acme/board:latest@${DIGEST}`,
  ])("%s names one content", (image) => {
    expect(parse(withDemo(`image: "${image}"`)).demo?.image).toBe(image);
  });

  test.each([
    "message-board",
    "localhost:5000/message-board",
    "board:",
    "board@sha256:abc",
    `board@${DIGEST.toUpperCase()}`,
    "Board:1",
    "a//b:1",
    "../b:1",
    "-b:1",
    "b:1 c",
    "b:1\\nc",
    `b:${"1".repeat(129)}`,
    "https://ghcr.io/b:1",
    "",
  ])("%j is refused with an example", (image) => {
    const found = problems(`image: "${image}"`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      image === ""
        ? /^10:56: must not be empty/
        : /^10:56: must be a container image with its tag or digest, such as 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/message-board:1\.0\.0, got: /,
    );
  });

  test("without a fixed content is refused: the tag latest", () => {
    expect(problems("image: board:latest")).toEqual([
      "10:56: the tag latest is another image after the next push, which no plan would show; name a version or a digest",
    ]);
  });

  test("of a hundred thousand characters is one mistake like any other, and shown in part", () => {
    const [found = "", ...others] = problems(`image: "${"a-".repeat(50_000)}"`);
    expect(others).toEqual([]);
    expect(found.length).toBeLessThan(300);
  });

  test("runs on some node: its architecture is that of a node group", () => {
    const nodes = (type: string) =>
      problemsOf(
        `${withDemo(`${IMAGE}, architecture: amd64`)}cluster: { nodeGroups: { a: { instanceTypes: [${type}] } } }\n`,
      );
    expect(nodes("m7i.large")).toEqual([]);
    expect(nodes("t4g.large")).toEqual([
      "10:75: no node group has amd64 nodes (t4g.large); build the image for theirs or add a group",
    ]);
    expect(problems(`${IMAGE}, architecture: x86_64`)).toEqual([
      '10:75: must be one of amd64, arm64, got: "x86_64"',
    ]);
  });

  test("may be of any architecture on a cluster whose nodes are not known here", () => {
    expect(
      problemsOf(
        `${withDemo(`${IMAGE}, architecture: amd64`)}cluster: { existing: { name: theirs } }\n`,
      ).filter((problem) => problem.includes("node group")),
    ).toEqual([]);
  });
});

describe("who reaches the board", () => {
  test("is the VPC alone unless the file says otherwise", () => {
    expect(parse(withDemo(IMAGE)).demo?.publicAccessCidrs).toEqual([]);
  });

  test("is never the internet", () => {
    expect(problems(`${IMAGE}, publicAccessCidrs: [0.0.0.0/0, 203.0.113.0/24, 128.0.0.0/1]`)).toEqual([
      "10:81: 0.0.0.0/0 opens the board, which has no login, to the whole internet; list the blocks you work from, none wider than a /8",
      "10:108: 128.0.0.0/1 opens the board, which has no login, to much of the internet; list the blocks you work from, none wider than a /8",
    ]);
  });

  test("is said once, in blocks", () => {
    expect(problems(`${IMAGE}, publicAccessCidrs: [203.0.113.0/24, 203.0.113.0/24]`)).toEqual([
      '10:97: "203.0.113.0/24" is listed twice; remove one',
    ]);
    expect(problems(`${IMAGE}, publicAccessCidrs: [203.0.113.7]`)).toEqual([
      '10:81: must be an IPv4 CIDR block such as 10.40.0.0/16, got: "203.0.113.7"',
    ]);
  });
});

describe("the names that lead to the board", () => {
  test("are none but its own unless the file says otherwise", () => {
    expect(parse(withDemo(IMAGE)).demo?.hostNames).toEqual([]);
    expect(parse(withDemo(`${IMAGE}, hostNames: [board.example.com, x]`)).demo?.hostNames).toEqual([
      "board.example.com",
      "x",
    ]);
  });

  test.each([
    "board.example.com:80",
    "http://board.example.com",
    "*.example.com",
    "Board.example.com",
    "a..b",
    "-a.b",
    "a,b",
  ])("are host names, and not %s", (name) => {
    expect(problems(`${IMAGE}, hostNames: ["${name}"]`)).toEqual([
      expect.stringContaining(
        "must be a host name in lower case, without a port, such as board.example.com, got:",
      ),
    ]);
  });
});

describe("the services", () => {
  test("write to the schema that the board's own SQL names, and own it", () => {
    expect(BOARD_SCHEMA).toBe(SCHEMA);
    expect(problems(IMAGE)).toEqual([]);
    expect(
      problems(
        IMAGE,
        `  services:
    board: { namespace: n, grants: { shop.orders: read-write } }
    migrations: { namespace: n, grants: { shop.messages: read-write } }
`,
      ),
    ).toEqual([
      '10:18: the service "board" needs the grant <database>.messages: read-write, since the message board keeps its tables there',
      '10:37: the service "migrations" needs the grant <database>.messages: owner, since the message board keeps its tables there',
    ]);
  });

  test("are under access.services", () => {
    expect(problems(IMAGE, SERVICES.replace("board:", "boards:").replace("migrations:", "x:"))).toEqual([
      '10:18: "board" is not under access.services. Did you mean "boards"?',
      '10:37: "migrations" is not under access.services. Known: boards, x.',
    ]);
    expect(problemsOf(withDemo(IMAGE).replace("service: board", "service: constructor"))).toEqual([
      '10:18: "constructor" is not under access.services. Known: board, migrations.',
    ]);
  });

  test("have their grants on one schema, and are in one namespace", () => {
    expect(problems(IMAGE, SERVICES.replace("shop.messages: owner", "other.messages: owner"))).toEqual([
      '10:37: "board" and "migrations" must have their grants on one schema, got: shop.messages and other.messages',
    ]);
    expect(problems(IMAGE, SERVICES.replace("{ namespace: n,", "{ namespace: m,"))).toEqual([
      '10:37: "board" and "migrations" must be in one namespace, got: m and n',
    ]);
  });

  test("run on EKS, where the board is deployed", () => {
    const elsewhere = (name: string, place: string) =>
      SERVICES.replace(`${name}: { namespace: n,`, `${name}: { ${place},`);
    const says = (name: string) =>
      `the service "${name}" does not run on EKS, where the message board is deployed; name one with a namespace`;
    expect(problems(IMAGE, elsewhere("board", "runsOn: lambda"))).toEqual([`10:18: ${says("board")}`]);
    expect(problems(IMAGE, elsewhere("migrations", "role: Legacy"))).toEqual([
      `10:37: ${says("migrations")}`,
    ]);
    expect(problems(IMAGE, SERVICES.replaceAll("namespace: n", "runsOn: ecs"))).toEqual([
      `10:18: ${says("board")}`,
      `10:37: ${says("migrations")}`,
    ]);
  });

  test("may write elsewhere too, but connect to the database with the board's tables", () => {
    const several = (database: string) =>
      SERVICES.replace(
        "{ namespace: n, grants: { shop.messages: read-write } }",
        `{ namespace: n, database: ${database}, grants: { other.messages: read-write, shop.messages: read-write } }`,
      );
    expect(problems(IMAGE, several("shop"))).toEqual([]);
    expect(problems(IMAGE, several("other"))).toEqual([
      '10:18: "board" connects to the database other, but the board\'s tables are in shop.messages; change its "database:"',
    ]);
  });
});

test("a missing key says what belongs there, and an unknown one what was meant, which then is not missing too", () => {
  expect(problemsOf(`${HEAD}${SERVICES}demo: { service: board, imag: x }\n`).sort()).toEqual([
    '10:1: the key "migrations" is missing; add it, such as migrations: message-board-migrations (Service the migration runs as, with the level owner on that schema)',
    '10:25: unknown key "imag". Did you mean "image"?',
  ]);
});
