import { afterAll, beforeAll } from "@jest/globals";

/**
 * Starts something before the tests of a file (or of a `describe`) and stops it after them.
 * @returns stands for what was started, from the first test on
 */
export function beforeTests<Started extends { stop(): Promise<unknown> }>(
  start: () => Promise<Started>,
  timeout: number,
): Started {
  let started: Started | undefined;
  beforeAll(async () => {
    started = await start();
  }, timeout);
  afterAll(() => started?.stop(), timeout);
  return new Proxy<Started>(Object.create(null), {
    get: (_, name) => {
      if (!started) throw new Error(`${String(name)} is asked for before anything was started`);
      return Reflect.get(started, name);
    },
  });
}
