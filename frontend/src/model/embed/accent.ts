/** The least contrast of a text with what is behind it (WCAG 2.2, 1.4.3). */
const least = 4.5;

/** What stands on the accent, in the light page and in the dark one: --on-accent. */
const textOnIt = ["#ffffff", "#ffffff"];

/** isReadable tells whether text can be read on a colour, "#rrggbb", in the light page and in the dark one. */
export function isReadable(colour: string): boolean {
  return textOnIt.every((text) => contrast(colour, text) >= least);
}

/** stronger is the colour under the pointer: darker by an eighth, so that the text on it reads no worse. */
export function stronger(colour: string): string {
  const darker = (part: number) =>
    Math.floor(part * 0.875)
      .toString(16)
      .padStart(2, "0");
  return `#${partsOf(colour).map(darker).join("")}`;
}

/** contrast of two colours, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function partsOf(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
