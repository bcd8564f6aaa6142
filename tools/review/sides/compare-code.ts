import type { Finding } from "../finding";
import { isOfEnvironments } from "./environment-files";
import type { OpenedSide } from "./side";

/** Where what a file says changes nothing that is made or run; whatever is not known to be harmless is code. */
const HARMLESS = /^(docs|test|examples)\/|\.md$/;

/** What a link, or a file that can be run, leads to is not what its name says: neither is harmless anywhere. */
const isPlain = (mark = "file") => mark.startsWith("file");

/** Most files that the finding's line names. */
const MOST_NAMED = 3;

/**
 * What of the code differs, other than environment files and what is harmless. An approval is for these contents alone.
 * @param environments the environment files' folder, or the files: what they make is compared
 */
export function compareCode(
  { code: before, side: base }: OpenedSide,
  { code: after, side: head }: OpenedSide,
  environments: readonly string[],
): Finding[] {
  const subject = "code";
  if (!before || !after) {
    const text = `${subject}: what made one of the sides is not at hand, so only what it made is compared`;
    return [{ kind: "code-not-compared", subject, text }];
  }
  if (before === after) return [];
  const names = [...base.environments.keys(), ...head.environments.keys()];
  const [old, now] = [before(), after()];
  const isData = (path: string) =>
    (HARMLESS.test(path) || isOfEnvironments(path, environments, names)) &&
    isPlain(old.get(path)) &&
    isPlain(now.get(path));
  const changed = [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path) && !isData(path))
    .sort();
  if (changed.length === 0) return [];
  const details = changed.map((path) => {
    const how = old.has(path) ? (now.has(path) ? "changed" : "removed") : "added";
    return `${how} ${path}`;
  });
  const more = details.length - MOST_NAMED;
  const named = [...details.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(", ");
  return [
    {
      kind: "code-changed",
      subject,
      text: `${subject}: ${named}; what it does beyond these stacks is not seen here`,
      details,
      content: changed.map((path) => [path, old.get(path) ?? null, now.get(path) ?? null]),
    },
  ];
}
