import { describe, expect, test } from "@jest/globals";
import {
  extensionFacts,
  extensionSchema,
  inOrderOfNeed,
  KNOWN_EXTENSIONS,
} from "../../../model/postgresql/extensions";

describe("the table of extensions", () => {
  test("names each once, and all that is needed", () => {
    expect(KNOWN_EXTENSIONS).toEqual([...new Set(KNOWN_EXTENSIONS)]);
    const needed = KNOWN_EXTENSIONS.flatMap((name) => extensionFacts(name).needs ?? []);
    expect(needed.filter((name) => !KNOWN_EXTENSIONS.includes(name))).toEqual([]);
  });

  test("has every foreign data wrapper and everything of AWS reach beyond the database, but for its common types", () => {
    const names = [...KNOWN_EXTENSIONS, "some_fdw", "aws_new"].filter((name) => /_fdw$|^aws_/.test(name));
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => extensionFacts(name).reaches === undefined)).toEqual(["aws_commons"]);
  });

  test("knows nothing of a name that objects have by themselves", () => {
    expect(extensionFacts("constructor")).toEqual({});
    expect(extensionSchema("constructor")).toBe("public");
  });

  test("puts an extension into public unless it has a schema of its own", () => {
    expect(["vector", "pg_cron", "postgis_topology"].map(extensionSchema)).toEqual([
      "public",
      "pg_catalog",
      "topology",
    ]);
  });

  test("orders by need, through several, and otherwise by name; what is not asked for does not come", () => {
    expect(inOrderOfNeed(["h3_postgis", "postgis_raster", "postgis", "h3", "citext"])).toEqual([
      "citext",
      "h3",
      "postgis",
      "postgis_raster",
      "h3_postgis",
    ]);
    expect(inOrderOfNeed(["earthdistance"])).toEqual(["earthdistance"]);
  });
});
