import { startsWith } from "../differences";
import { AWS_TYPES } from "./aws";
import { AWS_DATA_TYPES } from "./aws-data";
import { KUBERNETES_TYPES, POSTGRESQL_TYPES } from "./kubernetes-and-postgresql";
import type { ResourceType } from "./resource-type";

/** Every type of resource that this project makes. A test fails when a stack has one that is not here. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  ...AWS_DATA_TYPES,
  ...AWS_TYPES,
  ...KUBERNETES_TYPES,
  ...POSTGRESQL_TYPES,
};

/** What is known of a type. */
export function resourceType(type: string): ResourceType | undefined {
  return Object.hasOwn(RESOURCE_TYPES, type) ? RESOURCE_TYPES[type] : undefined;
}

/** What every resource has, and Terraform changes without touching what it made. */
const META = words(
  "depends_on lifecycle.create_before_destroy lifecycle.precondition lifecycle.postcondition lifecycle.prevent_destroy",
);
/** What every resource may have that changes where it is: `region` is of hashicorp/aws 6. */
const META_REPLACES = words("region lifecycle.replace_triggered_by");

/** What becomes of a resource when an attribute changes. */
export type Fate = "replaced" | "in place" | "not known";

/**
 * What becomes of a resource of a type when what is at a path changes.
 * @param gone whether there is nothing at the path afterwards
 */
export function fateOf(type: string, path: readonly string[], gone = false): Fate {
  const { replaces, replacesWhenGone, inPlace } = pathsOf(type);
  const within = (list: readonly (readonly string[])[]) => list.some((each) => startsWith(path, each));
  // A whole block that changes may hold the attribute that replaces.
  const around = (list: readonly (readonly string[])[]) => list.some((each) => startsWith(each, path));
  if (within(replaces) || around(replaces)) return "replaced";
  if (gone && within(replacesWhenGone)) return "replaced";
  return within(inPlace) ? "in place" : "not known";
}

interface Paths {
  readonly replaces: readonly string[][];
  readonly replacesWhenGone: readonly string[][];
  readonly inPlace: readonly string[][];
}

/** The lists of a type as paths; made once, for stacks have thousands of a type. */
const PATHS = new Map<string, Paths>();

function pathsOf(type: string): Paths {
  const made = PATHS.get(type);
  if (made) return made;
  const known = resourceType(type);
  const paths = {
    replaces: [...META_REPLACES, ...words(known?.replaces)],
    replacesWhenGone: words(known?.replacesWhenGone),
    inPlace: [...META, ...words(known?.inPlace)],
  };
  PATHS.set(type, paths);
  return paths;
}

/** Paths in a list of a {@link ResourceType}. */
export function words(list = ""): string[][] {
  return list
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => word.split("."));
}
