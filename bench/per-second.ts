/** Clients that work at the same time. */
export const CONCURRENCY = 8;

/** Does something so many times, several at once, and says how often in a second. */
export async function perSecond(times: number, run: () => Promise<void>): Promise<number> {
  let left = times;
  const worker = async () => {
    while (left-- > 0) await run();
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return (times * 1000) / (performance.now() - begin);
}
