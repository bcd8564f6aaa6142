import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { loadEnvironments } from "../../model/config/load";
import { addresses, synthApp } from "../helpers/app";

const recorded: Record<string, string[]> = JSON.parse(
  readFileSync(join(__dirname, "addresses.json"), "utf8"),
);
const stacks = synthApp(...loadEnvironments());

test.each([...stacks.keys()])("%s keeps the addresses that users have in their state", (id) => {
  const now = addresses(stacks.get(id) ?? {});
  const gone = (recorded[id] ?? []).filter((address) => !now.includes(address));
  const added = now.filter((address) => !recorded[id]?.includes(address));
  // Gone: Terraform would destroy and create anew. Give the resource a `moveFromId`, or put the construct id back.
  // Added: record it with `npm run addresses`, in the commit that adds the resource.
  expect({ gone, added }).toEqual({ gone: [], added: [] });
});

test("no recorded stack is gone", () => {
  expect(Object.keys(recorded).filter((id) => !stacks.has(id))).toEqual([]);
});
