// Functions that run in the browser, each with everything it needs in it. What they use of the browser is declared here:
// the project itself is compiled without the browser's types.

/** An element of the page. */
interface PageElement {
  value: string;
  open: boolean;
  dispatchEvent(event: unknown): void;
}

declare const document: {
  getElementById(id: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
};
declare function requestAnimationFrame(run: () => void): void;

/** Opens every disclosure. */
export function openAll(): void {
  for (const element of document.querySelectorAll("details")) element.open = true;
}

/**
 * Types each text into the matrix's search, after the other.
 * @returns the milliseconds until each was shown
 */
export async function timeFilters(texts: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const text of texts) {
    const box = document.getElementById("text");
    if (!box) throw new Error("There is no text box.");
    const started = performance.now();
    box.value = text;
    box.dispatchEvent(new Event("input"));
    await new Promise<void>((done) => {
      // In the next task after a frame, it is laid out and painted.
      requestAnimationFrame(() => setTimeout(done));
    });
    times.push(Math.round(performance.now() - started));
  }
  return times;
}
