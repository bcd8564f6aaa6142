// Functions that run in the browser, each with everything it needs in it. What they use of the browser is declared here:
// the project itself is compiled without the browser's types.

/** An element of a page. */
interface PageElement {
  readonly tagName: string;
  readonly parentElement: PageElement | null;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string | null }>;
}

declare const document: {
  readonly body: { querySelectorAll(selector: string): Iterable<PageElement> };
  readonly documentElement: { readonly scrollWidth: number };
};
declare function getComputedStyle(element: unknown): {
  readonly color: string;
  readonly backgroundColor: string;
  readonly outlineStyle: string;
  readonly direction: string;
  readonly unicodeBidi: string;
};

/** Computed styles of an element. */
export function styles(element: unknown) {
  const { backgroundColor, direction, outlineStyle, unicodeBidi } = getComputedStyle(element);
  return { backgroundColor, direction, outlineStyle, unicodeBidi };
}

/** Width of the page, in pixels, with what has to be scrolled to. */
export function pageWidth(): number {
  return document.documentElement.scrollWidth;
}

/**
 * Texts of the page whose contrast with what is behind them is below 4.5, the least that WCAG 2 asks for.
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
export function lowContrast(): string[] {
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element: PageElement | null): string => {
    if (!element) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? background(element.parentElement) : backgroundColor;
  };
  const texts = [...document.body.querySelectorAll("*")].filter((element) =>
    [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim()),
  );
  if (texts.length === 0) return ["there is no text"];
  return texts.flatMap((element) => {
    const { color } = getComputedStyle(element);
    const behind = background(element);
    const [light = 0, dark = 0] = [luminance(color), luminance(behind)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    return contrast >= 4.5 ? [] : [`${element.tagName} ${color} on ${behind}: ${contrast.toFixed(2)}`];
  });
}
