// For each line, a number, so many connections of the module that is named work at once.
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const { whoAmI } = await import(resolve(process.argv[2]));
const answer = () =>
  whoAmI().catch(({ message, cause }) => ({ error: `${message} ${cause?.message ?? ""}` }));
for await (const count of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await Promise.all(Array.from({ length: Number(count) }, answer))));
}
