/** What of a stream says whether a person looks at it, such as process.stdout. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Whether it shows colours: Node.js knows NO_COLOR, FORCE_COLOR and terminals that have none. */
  hasColors?(): boolean;
}

/** Marks text for a person; as it is where there are no colours. */
export type Paint = (text: string) => string;

/** What a text is to say by its colour, beside its words. */
export interface Paints {
  readonly good: Paint;
  readonly bad: Paint;
  readonly faint: Paint;
}

/** Colours of a screen. What is painted must be safe to show (`terminalText`), and is not so any more. */
export function paints(screen: Screen): Paints {
  const coloured = screen.isTTY === true && screen.hasColors?.() === true;
  const paint = (code: number, end: number): Paint =>
    coloured ? (text) => `\u001b[${code}m${text}\u001b[${end}m` : (text) => text;
  return { good: paint(32, 39), bad: paint(31, 39), faint: paint(2, 22) };
}

/** A line that says how far something is, and goes when it is done. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/**
 * A line on a terminal that can rewrite one. Elsewhere (a file, a pipe, a terminal without such means) nothing is shown.
 * @param term name of the kind of terminal: TERM
 */
export function progressLine(
  screen: Screen & { write(text: string): unknown },
  term: string | undefined,
): ProgressLine {
  if (screen.isTTY !== true || term === "dumb") {
    return { show: () => undefined, clear: () => undefined };
  }
  // A line that is broken by the terminal cannot be rewritten.
  const most = (screen.columns || 80) - 1;
  let shown = false;
  return {
    show: (text) => {
      screen.write(`\r\u001b[K${text.slice(0, most)}`);
      shown = true;
    },
    clear: () => {
      if (shown) screen.write("\r\u001b[K");
      shown = false;
    },
  };
}
