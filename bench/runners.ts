/** What `cdktf init --template=typescript` sets up. ts-node needs the compiler API, which TypeScript 7 has not. */
export const STOCK = "npx ts-node main.ts";

/** Ways of running TypeScript, for the `app` of cdktf.json, besides the one there. Their packages are in tools/. */
export const RUNNERS: readonly string[] = [
  "node -r sucrase/register/ts main.ts",
  "node -r @swc-node/register main.ts",
  "node -r esbuild-register main.ts",
  "node -r tsx/cjs main.ts",
  "npx tsx main.ts",
  "node -r ts-node/register/transpile-only main.ts",
  STOCK,
];
