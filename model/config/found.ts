import { UserError } from "../../lib/user-error";
import type { Problem } from "./problem";
import type { Place, YamlText } from "./reading/yaml";
import { type Warning, warningLine } from "./warnings";

type Found = Place & Pick<Problem, "message" | "warning">;

/** Why a file accepts warnings, by their kind. */
export type Accepted = Readonly<Record<string, string | undefined>>;

/**
 * The warnings among the problems of a file, in the order of its lines.
 * @throws UserError with all of them that are not accepted, when there is an error among them
 */
export function warningsAmong(
  file: string,
  yaml: YamlText,
  problems: readonly Problem[],
  accepted: Accepted,
): Warning[] {
  const placed = problems.map((problem) => ({ ...problem, ...yaml.place(problem) }));
  if (placed.some(({ warning }) => !warning)) {
    throw userError(
      file,
      // What is said only on some days is not said beside errors: these do not depend on the day.
      placed.filter(({ days, warning }) => !days && !(warning && accepted[warning])),
    );
  }
  return placed.sort(byPlace).flatMap(({ warning: kind, path, message, days, ...place }): Warning[] => {
    if (!kind) return [];
    // The place in a list is of no use to who reads the file as it will be.
    const key = path.filter((part) => typeof part !== "number").join(".");
    const reason = accepted[kind];
    return [
      {
        kind,
        place: placeText(file, place),
        key,
        message,
        ...(days && { days }),
        ...(reason !== undefined && { accepted: reason }),
      },
    ];
  });
}

/** Most messages of one file: whoever wrote more mistakes corrects these first. */
const MOST_MESSAGES = 1000;

/** What was found in a file, in the order of its lines. */
export function userError(file: string, found: readonly Found[]): UserError {
  const lines = [...found].sort(byPlace).map(({ warning: kind, message, ...at }) => {
    const place = placeText(file, at);
    return kind ? warningLine({ place, message, kind }) : `${place}: ${message}`;
  });
  const once = [...new Set(lines)];
  if (once.length <= MOST_MESSAGES) return new UserError(once);
  return new UserError([
    ...once.slice(0, MOST_MESSAGES),
    `${file}: and ${once.length - MOST_MESSAGES} more problems; correct these first`,
  ]);
}

function byPlace(left: Place, right: Place): number {
  return left.line - right.line || left.column - right.column;
}

function placeText(file: string, { line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
