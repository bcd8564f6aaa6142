import { describe, expect, test } from "@jest/globals";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";

const withFolder = (folder: string) => `${MINIMAL}review: { folder: ${JSON.stringify(folder)} }\n`;

describe("the folder of committed review files", () => {
  test.each(["review", "review/aws", "_review", "v1.2-reviews", "a.b"])("may be %s", (folder) => {
    expect(parse(withFolder(folder)).review.folder).toBe(folder);
  });

  test("is nowhere unless the file says so", () => {
    expect(parse(MINIMAL).review.folder).toBeUndefined();
  });

  test.each([
    ".",
    "./review",
    "..",
    "../review",
    "review/..",
    "review/../../etc",
    "/etc",
    "review/",
    "review//aws",
    ".git/hooks",
    ".github",
    "review/.git",
    "-review",
    "C:\\review",
    "C:/review",
    "review\\..",
    "~/review",
    "$HOME",
    "re view",
    "review\n",
    "review\u0000",
    "révision",
    "review.",
    "review./x",
  ])("is refused as %j: it would not be below the file's, hidden, or another one elsewhere", (folder) => {
    expect(problemsOf(withFolder(folder))).toEqual([
      expect.stringMatching(
        /^11:19: must be a folder below that of this file, such as review: names of letters, digits and \. _ - with \/ between them, none that is hidden, got: /,
      ),
    ]);
  });

  test("is refused when it is longer than file systems are sure to take", () => {
    expect(problemsOf(withFolder("x".repeat(101)))).toEqual([
      expect.stringMatching(/^11:19: must be at most 100 characters, got: /),
    ]);
    expect(problemsOf(withFolder("x".repeat(100)))).toEqual([]);
  });
});
