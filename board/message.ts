/** Most characters a message may have; the table has the same limit. */
export const MAX_CHARACTERS = 500;

/** A message's text as it is kept, or what is wrong with it. */
export type MessageText = { readonly text: string } | { readonly problem: string };

/**
 * Checks what somebody typed. Characters are Unicode code points, as PostgreSQL counts them.
 * @param typed as a browser sends it: lines end with CR LF
 */
export function messageText(typed: string): MessageText {
  // PostgreSQL takes no NUL character, and nobody sees the other control characters.
  const text = typed
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\n\t])\p{Cc}/gu, "")
    .trim();
  // Spaces, and characters that only change how others look, such as marks of the writing direction.
  if (!/[^\s\p{Cf}\p{Z}]/u.test(text)) return { problem: "Write a message first." };
  const characters = [...text].length;
  if (characters > MAX_CHARACTERS) {
    return {
      problem: `Shorten the message by ${characters - MAX_CHARACTERS}: it has ${characters} characters, and ${MAX_CHARACTERS} is the most.`,
    };
  }
  return { text };
}
