import { html } from "hono/html";

export { html };

/** Markup. `html` escapes every value in it that is not markup itself. */
export type Html = ReturnType<typeof html>;
