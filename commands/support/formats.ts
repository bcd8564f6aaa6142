import { quote, suggestion } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";

/**
 * The formats of --format, which are text, one, or several separated by commas where --out names a folder for them.
 * @param known of this command
 * @throws UserError with each that is not known, and for several without a folder
 */
export function formatsOf(
  known: readonly string[],
  { format = "text", out }: Readonly<Record<string, string>>,
  usage: string,
): readonly string[] {
  const asked = format.split(",");
  const unknown = asked.filter((each) => !known.includes(each));
  if (unknown.length > 0) {
    throw new UserError(
      unknown.map((each) => `There is no format ${quote(each)} here.${suggestion(each, known)}`),
      usage,
    );
  }
  if (asked.length > 1 && out === undefined) {
    throw new UserError(["Several formats need --out, a folder to write them to."], usage);
  }
  return asked;
}
