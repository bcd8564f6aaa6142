import { z } from "zod";
import { durationText, IDLE_IN_TRANSACTION_TIMEOUT, MAX_MILLISECONDS } from "../../postgresql/durations";
import { durationBetween } from "../duration";
import { distinct, whole } from "../fields";

/** Takes from one identity what `access.defaults` gives to all. */
export const NO_TIMEOUT = "none";

/** Of search_path: the schema that is called like the session's role. */
export const USER_SCHEMA = "$user";

/** Any less ends what every application does: opening a connection and planning its first statement take tens of milliseconds. */
const SHORTEST = 100;

const DAY = 86_400_000;

/** In whole days, as people write it. */
const LONGEST = Math.floor(MAX_MILLISECONDS / DAY) * DAY;

const duration = durationBetween(SHORTEST, LONGEST, { or: NO_TIMEOUT });

const searchPath = distinct(
  z
    .array(
      z
        .string()
        .regex(
          /^(\$user|[A-Za-z_][A-Za-z0-9_$-]{0,62})$/,
          `must be the name of a schema, or ${USER_SCHEMA}; each is an item of its own`,
        ),
    )
    .min(1, "must name a schema; leave the key out for PostgreSQL's own path"),
);

/** Limits and settings of a database user: each may be said for all, and by a service or group of people for itself. */
export const limits = {
  connectionLimit: whole(1, 5000)
    .optional()
    .meta({
      description: "Connections that each of its database users may have at once, over all of its pods",
      omitted: "that of access.defaults",
      examples: [20],
    }),
  ...settings("that of access.defaults"),
};

/** The same for everybody. */
export const defaultLimits = {
  connectionLimit: whole(1, 5000)
    .default(100)
    .meta({
      description:
        "Connections that each database user may have at once, over all of its pods; leave room for the admin in max_connections (189 with 1 ACU, about 400 with 4 GiB)",
      examples: [50],
    }),
  ...settings("that of the database"),
};

/** @param omitted what then holds */
function settings(omitted: string) {
  return {
    statementTimeout: duration.optional().meta({
      description: `How long a statement may run before PostgreSQL ends it, as a number and ms, s, min, h or d; ${NO_TIMEOUT}: as the database has it`,
      omitted,
      examples: ["30s"],
    }),
    idleInTransactionSessionTimeout: duration.optional().meta({
      description: `How long a transaction may wait for its next statement before PostgreSQL ends the session; ${NO_TIMEOUT}: as the database has it, ${durationText(IDLE_IN_TRANSACTION_TIMEOUT)} in those made here`,
      omitted,
      examples: ["1min"],
    }),
    searchPath: searchPath.optional().meta({
      description:
        "Schemas in which names without a schema are looked up, the first that has one; whoever creates in one of them decides what they mean",
      omitted,
      examples: [["orders"]],
    }),
  };
}
