/** A piece of a page, about something, that is left out when there is no room for it. */
export interface Item<About = never> {
  readonly text: string;
  /** Heading that it comes under; it is written once for those that follow each other. @default none */
  readonly under?: string;
  /** What it is about, for whoever counts what is left out. @default nothing in particular */
  readonly about?: About;
}

/** A part of a page: what is always there, and what comes in between as far as there is room. */
export interface Part<About = never> {
  readonly before: string;
  readonly items: readonly Item<About>[];
  readonly after?: string;
  /** Says what of the items is left out, and where it is. */
  readonly rest: (left: readonly Item<About>[]) => string;
}

/** A part as it was filled. */
export interface Filled {
  readonly text: string;
  /** How many items are left out. */
  readonly left: number;
}

/**
 * Fills parts with their items, the first part first, until there is no room for more. An item that is too large does
 * not keep out the smaller ones after it.
 * @param room in bytes
 */
export function fill<About>(parts: readonly Part<About>[], room: number): Filled[] {
  let free =
    room - size(parts.flatMap(({ before, items, after = "", rest }) => [before, after, rest(items)]));
  return parts.map(({ before, items, after, rest }) => {
    const lines = [before];
    const left: Item<About>[] = [];
    let heading: string | undefined;
    for (const item of items) {
      const apart = lines.length > 1 ? [""] : [];
      const added = item.under === heading ? [item.text] : [...apart, item.under ?? "", "", item.text];
      if (size(added) > free) {
        left.push(item);
      } else {
        free -= size(added);
        heading = item.under;
        lines.push(...added);
      }
    }
    if (left.length > 0) lines.push("", rest(left));
    if (after !== undefined) lines.push("", after);
    return { text: lines.join("\n"), left: left.length };
  });
}

/** Bytes of lines, with some to spare for the empty ones between parts. */
function size(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 2, 0);
}
