import { writeFileSync } from "node:fs";
import { loadEnvironments } from "../model/config/load";
import { addresses, synthApp } from "../test/helpers/app";

/** Records every resource address of the example environments, which a test then holds on to. */
const stacks = synthApp(...loadEnvironments());
const recorded = Object.fromEntries([...stacks].map(([id, stack]) => [id, addresses(stack)]));
writeFileSync("test/snapshots/addresses.json", `${JSON.stringify(recorded, null, 2)}\n`);
