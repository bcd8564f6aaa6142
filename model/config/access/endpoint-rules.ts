import { onlyReads } from "../../postgresql/levels";
import { noReaderEndpoint } from "../database/reader-endpoint";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredIdentities } from "./identities";

/** What keeps an identity from working with readers alone: a grant that is for more than reading, or that there are none. */
export function endpointProblems({ access, database: { existing, readers } }: EnvironmentFile): Problem[] {
  const none = noReaderEndpoint({
    readers,
    ...(existing && { existing: { kind: existing.cluster === undefined ? "instance" : "cluster" } }),
  });
  return declaredIdentities(access).flatMap(({ path, endpoint, grants }): Problem[] => {
    if (endpoint !== "reader") return [];
    const more = Object.entries(grants).flatMap(([target, level]) =>
      onlyReads(level) ? [] : [`${target}: ${level}`],
    );
    const messages = [
      ...(more.length > 0
        ? [
            `readers refuse every write, and it has ${more.join(" and ")}; leave the key out, or give what writes to an identity of its own`,
          ]
        : []),
      ...(none === undefined ? [] : [`${none}; leave the key out`]),
    ];
    return messages.map((message) => ({ path: [...path, "endpoint"], message }));
  });
}
