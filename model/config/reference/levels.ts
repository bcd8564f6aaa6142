import { markdownTable } from "../../../lib/table";
import { levelTable } from "../../postgresql/levels";
import { groupRole } from "../../postgresql/names";

/** Where the table stands in docs/access-model.md. */
const PLACE = /(?<=<!-- levels:start -->\n).*(?=<!-- levels:end -->)/s;

/**
 * docs/access-model.md with its table of levels, as model/postgresql/levels.ts has them.
 * @throws Error when the page has no place for it
 */
export function withLevels(page: string): string {
  if (!PLACE.test(page)) throw new Error("docs/access-model.md has no levels:start and levels:end");
  const table = markdownTable(levelTable((level) => `\`${groupRole("shop", "orders", level)}\``));
  return page.replace(PLACE, () => `${table}\n`);
}
