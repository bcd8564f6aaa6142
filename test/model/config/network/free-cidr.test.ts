import { expect, test } from "@jest/globals";
import { freeCidr } from "../../../../model/config/network/free-cidr";

test("a new network is apart from all others", () => {
  expect(freeCidr([])).toBe("10.40.0.0/16");
  expect(freeCidr(["10.40.0.0/15", "10.42.7.0/24"])).toBe("10.43.0.0/16");
});
