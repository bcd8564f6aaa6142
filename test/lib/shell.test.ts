import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { shellWord } from "../../lib/shell";
import { randomCases } from "../helpers/extent";

test("a shell takes it for one word, as it is", () => {
  // A shell's word holds no zero byte, and half a surrogate pair is no UTF-8.
  const text = fc.string({ unit: "binary" }).filter((each) => !each.includes("\0") && !/\p{Cs}/u.test(each));
  const hostile = fc.constantFrom("'", "''", "$(exit 1)", "`exit 1`", "\\", "\n", "-n", "*", ";", "~", '"');
  const words = fc.array(fc.array(fc.oneof(hostile, text)).map((parts) => parts.join("")));
  fc.assert(
    fc.property(words, (given) => {
      const script = `for word in ${given.map(shellWord).join(" ")}; do printf '%s\\0' "$word"; done`;
      const { stdout, status } = spawnSync("/bin/sh", ["-c", script], { encoding: "utf8" });
      expect([status, stdout]).toEqual([0, given.map((word) => `${word}\0`).join("")]);
    }),
    randomCases(50),
  );
});
