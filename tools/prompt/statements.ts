/** Where an identifier, a number or a keyword goes on. */
const WORD = /[\p{L}_][\p{L}\d_$]*|\d[\p{L}\d_]*/uy;
const DOLLAR_QUOTE = /\$(?:[\p{L}_][\p{L}\d_]*)?\$/uy;
/** The functions whose body is statements, without quotes: `BEGIN ATOMIC …; …; END`. */
const WITH_BODY = /^\s*create\s+(or\s+replace\s+)?(function|procedure)\b/i;

/**
 * Takes SQL as it comes in, and gives each statement when its semicolon is there: not one in quotes, in a comment, in
 * parentheses or in a function's body. As psql does it, with `standard_conforming_strings` on.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export class Statements {
  private text = "";
  private at = 0;
  private parentheses = 0;
  private bodies = 0;

  /** Adds lines that have come, whole ones, and gives the statements that are complete with it, with their semicolons. */
  add(more: string): readonly string[] {
    this.text += more;
    const complete: string[] = [];
    for (;;) {
      const end = this.nextEnd();
      if (end === undefined) return complete;
      const statement = this.text.slice(0, end).trim();
      if (statement !== ";") complete.push(statement);
      this.text = this.text.slice(end);
      this.forget();
    }
  }

  /** Whether nothing but space has come since the last statement. */
  get empty(): boolean {
    return this.text.trim() === "";
  }

  /** What has come since the last statement; it is gone then. */
  take(): string {
    const rest = this.text.trim();
    this.text = "";
    this.forget();
    return rest;
  }

  private forget(): void {
    this.at = 0;
    this.parentheses = 0;
    this.bodies = 0;
  }

  /** Where the next statement ends, after its semicolon; undefined as long as it does not. */
  private nextEnd(): number | undefined {
    while (this.at < this.text.length) {
      const after = this.afterToken();
      // It goes on with what comes next.
      if (after === undefined) return undefined;
      const isEnd = this.text[this.at] === ";" && this.parentheses === 0 && this.bodies === 0;
      this.at = after;
      if (isEnd) return after;
    }
    return undefined;
  }

  /** Where the token at hand ends; undefined when that has not come yet. */
  private afterToken(): number | undefined {
    const { text, at } = this;
    const two = text.slice(at, at + 2);
    if (two === "--") return after(text, "\n", at);
    if (two === "/*") return afterComment(text, at);
    if (/^e'$/i.test(two)) return afterEscapes(text, at + 2);
    const [character = ""] = two;
    // Two quotes in a text are one literal that ends and another that begins: the same to whoever looks for the end.
    if (character === "'" || character === '"') return after(text, character, at + 1);
    if (character === "$") {
      const quote = matchAt(DOLLAR_QUOTE, text, at);
      return quote === undefined ? at + 1 : after(text, quote, at + quote.length);
    }
    const word = matchAt(WORD, text, at);
    if (word !== undefined) {
      this.countBodies(word.toLowerCase());
      return at + word.length;
    }
    if (character === "(") this.parentheses += 1;
    if (character === ")") this.parentheses = Math.max(0, this.parentheses - 1);
    return at + 1;
  }

  private countBodies(word: string): void {
    if (!["begin", "case", "end"].includes(word) || !WITH_BODY.test(this.text)) return;
    if (word === "begin" || (word === "case" && this.bodies > 0)) this.bodies += 1;
    if (word === "end") this.bodies = Math.max(0, this.bodies - 1);
  }
}

function after(text: string, what: string, from: number): number | undefined {
  const found = text.indexOf(what, from);
  return found < 0 ? undefined : found + what.length;
}

/** Comments of PostgreSQL's are in one another. */
function afterComment(text: string, at: number): number | undefined {
  let depth = 0;
  for (const { 0: mark, index } of text.slice(at).matchAll(/\/\*|\*\//g)) {
    depth += mark === "/*" ? 1 : -1;
    if (depth === 0) return at + index + 2;
  }
  return undefined;
}

/** In `E'…'` a backslash makes the next character one of the text. */
function afterEscapes(text: string, from: number): number | undefined {
  const end = /'|\\[\s\S]/g;
  end.lastIndex = from;
  for (;;) {
    const found = end.exec(text);
    if (!found) return undefined;
    if (found[0] !== "'") continue;
    if (text[end.lastIndex] !== "'") return end.lastIndex;
    end.lastIndex += 1;
  }
}

function matchAt(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(text)?.[0];
}
