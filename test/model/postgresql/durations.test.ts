import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { durationText, MAX_MILLISECONDS, milliseconds } from "../../../model/postgresql/durations";

describe("a duration", () => {
  test.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["5min", 300_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["0s", 0],
  ])("%s is %i ms", (text, time) => expect(milliseconds(text)).toBe(time));

  test.each(["", "30", "s", "1.5s", "-1s", "30 s", "30S", "1h30min", "30s\n", "30toString", "none"])(
    "%j is none",
    (text) => expect(milliseconds(text)).toBeUndefined(),
  );

  test.each([
    [1, "1ms"],
    [1500, "1500ms"],
    [60_000, "1min"],
    [90_000, "90s"],
    [5_400_000, "90min"],
    [86_400_000, "1d"],
  ])("of %i ms is written in the largest unit that fits: %s", (time, text) =>
    expect(durationText(time)).toBe(text),
  );

  test("is written so that it reads as the same time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_MILLISECONDS }), (time) => {
        expect(milliseconds(durationText(time))).toBe(time);
      }),
    );
  });
});
