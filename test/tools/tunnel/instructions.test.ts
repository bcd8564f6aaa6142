import { expect, test } from "@jest/globals";
import type { Route } from "../../../tools/tunnel/destinations";
import { tunnelVariables } from "../../../tools/tunnel/instructions";

const route: Route = {
  bastion: "i-0",
  region: "eu-west-1",
  destinations: [{ name: "database", host: "db", port: 5432 }],
};

test("a user's PGOPTIONS stay, and do not let the admin's sessions find names in a user's schema", () => {
  expect(tunnelVariables(route, 1080, "-c work_mem=8MB -c search_path=orders")).toEqual({
    ALL_PROXY: "socks5://127.0.0.1:1080",
    PGOPTIONS: "-c work_mem=8MB -c search_path=orders -c search_path= -c lock_timeout=60s",
  });
});
