import { nearest, quote } from "../../../lib/nearest";
import { BUILT_IN_EXTENSION, extensionFacts, KNOWN_EXTENSIONS } from "../../postgresql/extensions";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { type DeclaredExtension, declaredDatabases } from "./declared-databases";

/** Extensions that nobody is to have by a slip, that lack what they need, or of which nobody has heard. */
export function extensionProblems({ access }: EnvironmentFile): Problem[] {
  return declaredDatabases(access).flatMap(({ extensions }) =>
    extensions.flatMap((extension, index) => {
      const before = extensions.slice(0, index).map((each) => each.name);
      if (before.includes(extension.name)) {
        const message = `${quote(extension.name)} is listed twice; remove one`;
        return [{ path: extension.path, message }];
      }
      const all = extensions.map(({ name }) => name);
      return oneProblem(extension, all);
    }),
  );
}

function oneProblem({ name, reason, path }: DeclaredExtension, all: readonly string[]): Problem[] {
  if (name === BUILT_IN_EXTENSION) {
    return [{ path, message: `every database has ${name}; remove it` }];
  }
  const { needs = [], reaches } = extensionFacts(name);
  const missing = needs.filter((needed) => !all.includes(needed));
  const problems: Problem[] = [];
  if (reaches !== undefined && reason === undefined) {
    const message = `${name} ${reaches}; if that is meant, say what for: { name: ${name}, reason: … }`;
    problems.push({ path, message });
  }
  if (missing.length > 0) {
    const message = `${name} needs ${missing.join(" and ")}; add ${missing.length === 1 ? "it" : "them"} to the list`;
    problems.push({ path, message });
  }
  if (!KNOWN_EXTENSIONS.includes(name)) {
    const near = nearest(name, KNOWN_EXTENSIONS);
    const advice = near === undefined ? "see whether Aurora offers it" : `did you mean ${quote(near)}?`;
    const message = `${quote(name)} is no extension that this project knows, so nothing is known of what it lets people do; ${advice}`;
    problems.push({ path, message, warning: "unknown-extension" });
  }
  return problems;
}
