/** A way of running TypeScript, for the `app` of cdktf.json. */
export interface Runner {
  readonly app: string;
  /** What it needs from the registry, besides the project's own packages. */
  readonly packages: readonly string[];
}

const TYPESCRIPT = "typescript@5.9";
const TS_NODE = ["ts-node@10.9.2", TYPESCRIPT];

/** What `cdktf init --template=typescript` sets up. ts-node needs the compiler API, which TypeScript 7 has not. */
export const STOCK: Runner = { app: "npx ts-node main.ts", packages: TS_NODE };

/** The candidates besides the one that cdktf.json names. */
export const RUNNERS: readonly Runner[] = [
  { app: "node -r sucrase/register/ts main.ts", packages: ["sucrase@3"] },
  {
    app: "node -r @swc-node/register main.ts",
    packages: ["@swc-node/register@1", "@swc/core@1", TYPESCRIPT],
  },
  { app: "node -r esbuild-register main.ts", packages: ["esbuild-register@3", "esbuild@0"] },
  { app: "node -r tsx/cjs main.ts", packages: ["tsx@4"] },
  { app: "npx tsx main.ts", packages: ["tsx@4"] },
  { app: "node -r ts-node/register/transpile-only main.ts", packages: TS_NODE },
  STOCK,
];
