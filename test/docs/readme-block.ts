import { blocks, page } from "./pages";

const SHOWN = blocks(page("README.md"));

/** The one block of the README that holds a text. */
export function readmeBlock(marker: string): string {
  const [found, ...others] = SHOWN.filter(({ text }) => text.includes(marker));
  if (!found || others.length > 0) throw new Error(`the README must have one block with ${marker}`);
  return found.text;
}
