/** Writes what happened: one line of JSON for each event, for whatever collects the pod's output. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/**
 * A log of lines.
 * @param write takes a whole line, its end included
 */
export function jsonLog(write: (line: string) => void): Log {
  return (event, fields = {}) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}

/** An error's code and message, and nothing else of it: its other fields may hold what a user wrote. */
export function errorFields(error: unknown): { readonly code?: string; readonly error: string } {
  if (!(typeof error === "object" && error !== null && "message" in error)) return { error: String(error) };
  const code = "code" in error ? String(error.code) : undefined;
  // Node gives no message to a connection that was refused under both of a name's addresses.
  return { code, error: String(error.message) || (code ?? "unknown error") };
}
