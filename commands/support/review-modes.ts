import {
  ACCESS_REPORTS,
  accessLog,
  LOG_REPORTS,
  openSideAt,
  openSides,
  REPORTS,
  reviewSides,
  type SideContext,
} from "../../tools/review/review";
import { now } from "./environments";

/** What a mode came to. */
export interface Outcome {
  /** It in one of the mode's forms; in colour for a terminal that has colours, where a form knows any. */
  readonly rendered: (format: string, colour?: boolean) => string;
  readonly exitCode: number;
}

/** One of the things that a review can be asked. */
export interface Mode {
  /** Options that it takes beside the environments, --format and --out. */
  readonly options: readonly string[];
  /** Forms that it has, and the file that each is written to. */
  readonly formats: Readonly<Record<string, { readonly file: string }>>;
  /**
   * @param values of the options
   * @param command how to run it again
   */
  readonly run: (
    values: Readonly<Record<string, string>>,
    context: SideContext,
    command: string,
  ) => Promise<Outcome>;
}

/** Each mode, by the option that asks for it; `base` stands for a comparison, which nothing has to ask for. */
export const MODES = {
  at: {
    options: ["at"],
    formats: ACCESS_REPORTS,
    run: async ({ at = "" }, context) => {
      const side = await openSideAt(at, context);
      return { rendered: (format) => formOf(ACCESS_REPORTS, format).render(side), exitCode: 0 };
    },
  },
  log: {
    options: ["log"],
    formats: LOG_REPORTS,
    run: async ({ log = "" }, context) => {
      const entries = await accessLog(log, context);
      return { rendered: (format) => formOf(LOG_REPORTS, format).render(log, entries), exitCode: 0 };
    },
  },
  base: {
    options: ["base", "head", "synthesised", "approve"],
    formats: REPORTS,
    run: async (values, context, command) => {
      const { base, head, findings } = await openSides(values, context);
      const review = reviewSides(base, head, {
        names: context.names,
        findings,
        approved: values.approve,
        now: now(context.env.SOURCE_DATE_EPOCH),
      });
      return {
        rendered: (format, colour) => formOf(REPORTS, format).render(review, command, colour),
        exitCode: review.outcome === "approval needed" ? 2 : 0,
      };
    },
  },
} as const satisfies Readonly<Record<string, Mode>>;

function formOf<Form>(forms: Readonly<Record<string, Form>>, format: string): Form {
  const form = Object.hasOwn(forms, format) ? forms[format] : undefined;
  if (form === undefined) throw new Error(`There is no form ${format}.`);
  return form;
}
