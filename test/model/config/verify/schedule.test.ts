import { describe, expect, test } from "@jest/globals";
import { gapsOf } from "../../../../model/config/verify/schedule";

const HOUR = 60;
const DAY = 24 * HOUR;

describe("the gaps between the runs of a schedule", () => {
  test.each([
    ["0 5 * * *", DAY, DAY],
    ["0 * * * *", HOUR, HOUR],
    ["*/15 * * * *", 15, 15],
    // 45, then 5 of the next hour: as cron, a number with a step goes on to the end.
    ["5/20 * * * *", 20, 20],
    ["0,59 * * * *", 1, 59],
    ["0 5 * * 1,4", 3 * DAY, 4 * DAY],
    ["0 5 * * 0", 7 * DAY, 7 * DAY],
    ["30 5 * * 0,6", DAY, 6 * DAY],
    ["0 8-18/2 * * 1-5", 2 * HOUR, 2 * DAY + 14 * HOUR],
    ["0 0,0 * * *", DAY, DAY],
    // In whatever order they are said.
    ["0 18,6 * * 3,1", 12 * HOUR, 4 * DAY + 12 * HOUR],
  ])("%s: from %i to %i minutes", (schedule, shortest, longest) => {
    expect(gapsOf(schedule)).toEqual({ shortest, longest });
  });

  test.each([
    ["60 5 * * *", '"60" is no minute', "0 to 59"],
    ["0 24 * * *", '"24" is no hour', "0 to 23"],
    ["0 5 * * 7", '"7" is no weekday', "0 to 6"],
    ["0 5 * * 5-1", '"5-1" is no weekday', "0 to 6"],
    ["*/0 5 * * *", '"*/0" is no minute', "0 to 59"],
    ["0, 5 * * *", '"" is no minute', "0 to 59"],
    ["-1 5 * * *", '"-1" is no minute', "0 to 59"],
    ["** 5 * * *", '"**" is no minute', "0 to 59"],
    ["1-70 5 * * *", '"1-70" is no minute', "0 to 59"],
    ["007 5 * * *", '"007" is no minute', "0 to 59"],
  ])("%s is refused with what to write", (schedule, what, range) => {
    expect(gapsOf(schedule)).toBe(
      `${what}: write a number from ${range}, a range such as 1-3, * for all, or */2 for every second one`,
    );
  });
});
