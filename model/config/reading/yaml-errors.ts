import type { YAMLError } from "yaml";

/** Something the YAML itself got wrong, and the offset of the place. */
export interface YamlError {
  readonly offset: number;
  readonly message: string;
}

/** What to do about an error of the YAML parser, whose own message says what is wrong. */
const ADVICE: Partial<Readonly<Record<YAMLError["code"], string>>> = {
  BAD_DQ_ESCAPE: "write \\\\ for a backslash, or use single quotes",
  BAD_INDENT: "the keys of one map start in the same column, and every { and [ is closed",
  BAD_SCALAR_START: "put the value in quotes",
  BLOCK_AS_IMPLICIT_KEY: "put a value that holds a colon in quotes, or start a map on the next line",
  KEY_OVER_1024_CHARS: "shorten the key",
  MISSING_CHAR:
    "a key ends with a colon and a space, an item of a list starts with -, quotes and brackets are closed",
  MULTILINE_IMPLICIT_KEY: "keep a key on one line; a quote or bracket may be open above",
  TAG_RESOLVE_FAILED: "remove the tag; plain values are enough",
  UNEXPECTED_TOKEN: "put a value with special characters in quotes, and close every quote and bracket",
};

/** Sentences that replace the parser's. */
const SENTENCES: Partial<Readonly<Record<YAMLError["code"], string>>> = {
  MULTIPLE_DOCS: "a second document starts here (---); an environment is one document",
  NON_STRING_KEY: "this key is a list or a map; a key is text",
  RESOURCE_EXHAUSTION:
    "lists and maps are nested too deeply; an environment file needs no more than six levels",
  TAB_AS_INDENT: "a tab indents this line; replace it, and every other, by spaces",
};

/** After one of these, whatever else the parser says is a consequence. */
const ALONE: readonly YAMLError["code"][] = ["RESOURCE_EXHAUSTION", "TAB_AS_INDENT"];

/** The parser's errors as sentences: one a line, since the others there are consequences. */
export function parserErrors(errors: readonly YAMLError[], lineOf: (offset: number) => number): YamlError[] {
  const alone = errors.find(({ code }) => ALONE.includes(code));
  const told = new Set<number>();
  return (alone ? [alone] : errors).flatMap(({ code, message, pos: [offset] }) => {
    const line = lineOf(offset);
    if (told.has(line)) return [];
    told.add(line);
    return [{ offset, message: SENTENCES[code] ?? withAdvice(code, message) }];
  });
}

function withAdvice(code: YAMLError["code"], message: string): string {
  const first = message.replace(/\n[\s\S]*/, "");
  const advice = ADVICE[code] === undefined ? "" : `; ${ADVICE[code]}`;
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}${advice} (YAML: ${code})`;
}

/** Characters that no environment file has a use for, and why. */
const REFUSED_CHARACTERS: readonly {
  readonly pattern: RegExp;
  readonly message: (code: string) => string;
}[] = [
  {
    pattern: /\r(?!\n)/,
    message: () => "this line ends with a carriage return alone; save the file with LF or CRLF line ends",
  },
  {
    // https://yaml.org/spec/1.2.2/#51-character-set; what is no text at all fails here too.
    pattern: /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/u,
    message: (code) =>
      `the control character ${code} is here, which YAML does not allow; remove it, and save the file as UTF-8`,
  },
  {
    // A reviewer would read another text than the parser does: https://trojansource.codes
    pattern: /[\u202a-\u202e\u2066-\u2069]/,
    message: (code) => `the invisible character ${code} turns the direction of the text around; remove it`,
  },
];

/** The first character of a text that is refused wherever it is, comments included. */
export function refusedCharacter(text: string): YamlError | undefined {
  const [first] = REFUSED_CHARACTERS.flatMap(({ pattern, message }) => {
    const offset = text.search(pattern);
    if (offset < 0) return [];
    const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0");
    return [{ offset, message: message(`U+${code}`) }];
  }).sort((left, right) => left.offset - right.offset);
  return first;
}
