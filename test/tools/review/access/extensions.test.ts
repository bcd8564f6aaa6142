import { describe, expect, test } from "@jest/globals";
import { testFile } from "../../../helpers/environment";
import { altered, compared, databaseIn, type Json, planOf } from "./plans";

const company = planOf("company");
const [list = ""] = / {6}extensions:\n(?: {8}.*\n)+/.exec(testFile("company")) ?? [];
const without = planOf("company", { [list]: "" });

describe("extensions of a database that has none yet", () => {
  test("are one line, beside those that reach beyond it, and public is opened once", () => {
    expect(compared(without, company)).toEqual([
      "access-gained: warehouse.public: whoever has a grant in warehouse may use the schema, where extensions are, and what the admin left there for everybody",
      "extension-reaches-out: warehouse.dblink: a new extension, which connects to other databases and runs SQL there; the reason given is: reads the old stock list until 2027",
      "extension-added: warehouse: gets the new extensions cube, earthdistance, pg_trgm and vector",
    ]);
  });

  test("and the other way round they are gone, and what that does is said", () => {
    expect(compared(company, without)).toEqual([
      "access-lost: warehouse.public: whoever has a grant in warehouse may no longer use the schema, where extensions were",
      "extension-removed: warehouse: the extensions cube, dblink, earthdistance, pg_trgm and vector are no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it each is dropped with its own tables, unless something of others needs it",
    ]);
  });
});

describe("an extension", () => {
  test("more is a line, and changes nobody's rights", () => {
    const after = planOf("company", { "- pg_trgm": "- pg_trgm\n        - citext" });
    expect(compared(company, after)).toEqual(["extension-added: warehouse: gets the new extension citext"]);
    expect(compared(after, company)).toEqual([
      expect.stringMatching(/^extension-removed: warehouse: the extension citext is no longer in the file;/),
    ]);
  });

  test("for another reason says both, and one without a reason that it had one", () => {
    const after = planOf("company", { "stock list until 2027": "stock list for ever" });
    expect(compared(company, after)).toEqual([
      "extension-changed: warehouse.dblink: the reason given for the extension is: reads the old stock list for ever; and was: reads the old stock list until 2027",
    ]);
    const none = altered(company, (plan) => {
      delete databaseIn(plan, "warehouse").extensions.find((each: Json) => each.name === "dblink").reason;
    });
    expect(compared(company, none)).toEqual([
      expect.stringContaining("the extension is: none; and was: reads"),
    ]);
  });

  test("that nobody knows is told as one that reaches out", () => {
    const after = planOf("company", { "- vector": "- vector\n        - pg_newest" });
    expect(compared(company, after)).toEqual([
      "extension-reaches-out: warehouse.pg_newest: a new extension, which this project does not know, nor what it lets people do",
    ]);
  });

  test("in another schema, and with a field that is new, is told", () => {
    const moved = altered(company, (plan) => {
      databaseIn(plan, "warehouse").extensions[0].schema = "elsewhere";
    });
    expect(compared(company, moved)).toEqual([
      "extension-changed: warehouse.cube: the extension belongs into the schema elsewhere, and was in public; where it is already it stays",
    ]);
    const more = altered(company, (plan) => {
      databaseIn(plan, "warehouse").extensions[0].version = "1.5";
    });
    expect(compared(company, more)).toEqual([
      expect.stringMatching(/^unexplained: warehouse\.cube: version is "1\.5", and was not there;/),
    ]);
  });
});

describe("USAGE on public", () => {
  const grants = (change: (grants: Json[]) => Json[]) =>
    altered(company, (plan) => {
      const database = databaseIn(plan, "warehouse");
      database.grants = change(database.grants);
    });
  const isOnPublic = ({ schema, role }: Json) => schema === "public" && role === "warehouse_stock_ro";

  test("that a group has not, is told although there are extensions", () => {
    const fewer = grants((all) => all.filter((grant) => !isOnPublic(grant)));
    expect(compared(company, fewer)).toEqual([
      "access-lost: reporting: warehouse.public (loses USAGE on the schema)",
    ]);
    expect(compared(fewer, company)).toEqual([
      "access-gained: reporting: warehouse.public (gains USAGE on the schema)",
    ]);
  });

  test("that comes with more privileges is told", () => {
    const wider = grants((all) =>
      all.map((grant) => (isOnPublic(grant) ? { ...grant, privileges: ["CREATE", "USAGE"] } : grant)),
    );
    expect(compared(company, wider)).toContainEqual(expect.stringMatching(/^access-gained: .*CREATE/));
  });

  test("without an extension is told of everybody who has it", () => {
    const plain = altered(company, (plan) => {
      delete databaseIn(plan, "warehouse").extensions;
    });
    expect(compared(without, plain)).toContainEqual(
      "access-gained: reporting: warehouse.public (gains USAGE on the schema)",
    );
  });
});

test("a database that goes says that itself, and nothing of each of its extensions", () => {
  const shop = altered(company, (plan) => {
    plan.databases = plan.databases.filter((each: Json) => each.name !== "warehouse");
  });
  const lines = compared(company, shop);
  expect(lines).toContainEqual(expect.stringMatching(/^schema-removed: warehouse: the database/));
  expect(lines.filter((line) => line.includes("extension"))).toEqual([]);
  // One that is new says what it brings: dblink is in no other line.
  expect(compared(shop, company)).toContainEqual(
    expect.stringMatching(/^extension-reaches-out: warehouse\.dblink: /),
  );
});

test("a plan that has an extension twice is not compared", () => {
  const twice = altered(company, (plan) => {
    const { extensions } = databaseIn(plan, "warehouse");
    extensions.push(extensions[0]);
  });
  expect(compared(company, twice)).toEqual([
    expect.stringMatching(/it has the extension \\?"cube\\?" twice/),
  ]);
});
