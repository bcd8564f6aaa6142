import { dataProblems } from "../../model/config/parse";
import type { Problem } from "../../model/config/problem";
import { asAccess, type Draft, type DraftDatabase, type DraftService, withoutTargets } from "./draft";
import type { Beyond, EnvironmentFacts } from "./proposal";
import { sentence } from "./words";

/** What of a draft the model takes, and why it does not take the rest. */
export interface Accepted {
  readonly draft: Draft;
  readonly beyond: readonly Beyond[];
}

/** What an extension that needs a reason is said to be for, until somebody says it better. */
export const REASON = "was there when adopted";

/**
 * A draft without what the model refuses. The model itself is asked, so that no rule is written here a second time and what
 * it learns later holds at once: whatever it finds fault with goes, until it finds nothing.
 */
export function accepted(draft: Draft, facts: EnvironmentFacts): Accepted {
  const unspeakable = ({ name }: DraftDatabase) => name === "__proto__";
  const beyond = draft.databases
    .filter(unspeakable)
    .map(({ name }) => databaseRefused(name, "has a name that no key may have"));
  let rest = withoutTargets(draft, (database) => database === "__proto__");
  for (;;) {
    const problems = rest.databases.length === 0 ? [] : accessProblems(rest, facts);
    if (problems.length === 0) return { draft: rest, beyond };
    // What is wrong with a service may only be that its database or schema is not taken.
    const places = problems.filter(({ path: [, section] }) => section === "databases");
    const next = (places.length > 0 ? places : problems).reduce<Step>(
      (step, problem) => {
        const { draft: after, beyond: told } = withoutFault(rest, step.draft, problem);
        return { draft: after, beyond: [...step.beyond, ...told] };
      },
      { draft: rest, beyond: [] },
    );
    if (JSON.stringify(next.draft) === JSON.stringify(rest)) {
      // It must end, also when the model comes to say something that this does not know how to mend.
      const what = problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
      const proposal = "Write the section by hand, with what the rest of this list says.";
      return {
        draft: { databases: [], services: [] },
        beyond: [...beyond, { where: "the section access", what, proposal }],
      };
    }
    beyond.push(...next.beyond);
    rest = next.draft;
  }
}

type Step = Accepted;

function accessProblems(draft: Draft, { file }: EnvironmentFacts): Problem[] {
  return dataProblems({ ...file, access: asAccess(draft) }).filter(
    ({ path: [section], warning }) => section === "access" && warning === undefined,
  );
}

/**
 * @param shown the draft that the problem was found in, whose order its indices count in
 * @param draft the same without what earlier problems took out
 */
function withoutFault(shown: Draft, draft: Draft, { path, message }: Problem): Step {
  const [, section, name, ...rest] = path.map(String);
  const same = { draft, beyond: [] };
  if (section === "databases") return withoutPlace(shown, draft, name ?? "", rest, message);
  if (section === "adopted") {
    const databases = draft.databases.map(({ adopted, ...each }) =>
      adopted && name !== undefined && each.name !== name ? { ...each, adopted } : each,
    );
    return { draft: { ...draft, databases }, beyond: [] };
  }
  if (section === "namespaces") {
    return withoutServices(draft, ({ namespace }) => namespace === name, message);
  }
  if (section !== "services") return same;
  const [key, target] = rest;
  if (key === "grants" && target !== undefined) {
    const services = draft.services
      .map((each) =>
        each.key === name ? { ...each, grants: each.grants.filter(([to]) => to !== target) } : each,
      )
      .filter(({ grants }) => grants.length > 0);
    return { draft: { ...draft, services }, beyond: [refused(`service ${name}, ${target}`, message)] };
  }
  if (key !== undefined && draft.services.some((each) => each.key === name && key in each.settings)) {
    const services = draft.services.map((each) =>
      each.key === name
        ? {
            ...each,
            settings: Object.fromEntries(
              Object.entries(each.settings).filter(([setting]) => setting !== key),
            ),
          }
        : each,
    );
    return { draft: { ...draft, services }, beyond: [refused(`service ${name}, ${key}`, message)] };
  }
  return withoutServices(draft, (each) => each.key === name, message);
}

function withoutServices(draft: Draft, gone: (service: DraftService) => boolean, message: string): Step {
  const told = draft.services.filter(gone).map(({ key }) => refused(`service ${key}`, message));
  return {
    draft: { ...draft, services: draft.services.filter((each) => !gone(each)) },
    beyond: told,
  };
}

function withoutPlace(
  shown: Draft,
  draft: Draft,
  name: string,
  rest: readonly string[],
  message: string,
): Step {
  const database = shown.databases.find((each) => each.name === name);
  const index = Number(rest.find((part) => /^\d+$/.test(part)));
  if (rest[0] === "extensions") return withoutExtension(database, draft, index, message);
  const schema = database && [...database.schemas].sort()[index];
  if (rest.length > 0 && schema !== undefined) {
    return {
      draft: withoutTargets(draft, (where, each) => where === name && each === schema),
      beyond: [
        {
          where: `${name}.${schema}`,
          what: `The model does not take this schema: ${sentence(message)}`,
          proposal:
            "Rename it (ALTER SCHEMA … RENAME TO …), with whatever names it in the application, and run this again.",
        },
      ],
    };
  }
  return {
    draft: withoutTargets(draft, (where) => where === name),
    beyond: [databaseRefused(name, message)],
  };
}

function withoutExtension(
  database: DraftDatabase | undefined,
  draft: Draft,
  index: number,
  message: string,
): Step {
  const found = database?.extensions[index];
  const list = (extensions: DraftDatabase["extensions"]) => ({
    ...draft,
    databases: draft.databases.map((each) => (each.name === database?.name ? { ...each, extensions } : each)),
  });
  const now = draft.databases.find((each) => each.name === database?.name)?.extensions ?? [];
  if (found === undefined) return { draft: list([]), beyond: [] };
  const where = `extension ${typeof found === "string" ? found : found.name} in ${database?.name}`;
  if (typeof found === "string") {
    return {
      draft: list(now.map((each) => (each === found ? { name: found, reason: REASON } : each))),
      beyond: [
        {
          where,
          what: `The model takes it only for a reason: ${sentence(message)}`,
          proposal: `It is in the section with the reason "${REASON}": say what needs it, or drop it.`,
        },
      ],
    };
  }
  return {
    draft: list(now.filter((each) => typeof each === "string" || each.name !== found.name)),
    beyond: [
      {
        where,
        what: `The model does not take it: ${sentence(message)}`,
        proposal: "Drop it, or leave it as it is: nothing here touches it, and verify names it.",
      },
    ],
  };
}

function databaseRefused(name: string, why: string): Beyond {
  return {
    where: `database ${name}`,
    what: `The model does not take this database: ${sentence(why)}`,
    proposal:
      "Rename it (ALTER DATABASE … RENAME TO …, while nobody is connected), or move what is in it to one with a name of its own (pg_dump), and run this again.",
  };
}

function refused(where: string, message: string): Beyond {
  return { where, what: `The model does not take it: ${sentence(message)}`, proposal: "Write it by hand." };
}
