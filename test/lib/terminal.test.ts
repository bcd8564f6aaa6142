import { describe, expect, test } from "@jest/globals";
import { paints, progressLine } from "../../lib/terminal";

describe("colours", () => {
  test.each([
    ["a terminal with colours", { isTTY: true, hasColors: () => true }, "\u001b[31mno\u001b[39m"],
    ["a terminal without, or NO_COLOR", { isTTY: true, hasColors: () => false }, "no"],
    ["a terminal that does not say", { isTTY: true }, "no"],
    ["a file or a pipe", {}, "no"],
    ["a pipe that says it has colours", { hasColors: () => true }, "no"],
  ])("of %s", (_, screen, painted) => {
    expect(paints(screen).bad("no")).toBe(painted);
  });
});

describe("a line that says how far something is", () => {
  function shown(screen: { isTTY?: boolean; columns?: number }, term: string | undefined): string {
    let written = "";
    const line = progressLine({ ...screen, write: (text) => (written += text) }, term);
    line.show("1 of 12");
    line.show("2 of 12");
    line.clear();
    line.clear();
    return written;
  }

  test("is rewritten on a terminal, and gone when it is done", () => {
    expect(shown({ isTTY: true, columns: 80 }, "xterm")).toBe("\r\u001b[K1 of 12\r\u001b[K2 of 12\r\u001b[K");
  });

  test("is never wider than the terminal", () => {
    expect(shown({ isTTY: true, columns: 6 }, "xterm")).toBe("\r\u001b[K1 of \r\u001b[K2 of \r\u001b[K");
  });

  test.each([
    ["a file, a pipe or a CI", {}, "xterm"],
    ["a terminal that cannot", { isTTY: true }, "dumb"],
  ])("is not there in %s", (_, screen, term) => {
    expect(shown(screen, term)).toBe("");
  });
});
