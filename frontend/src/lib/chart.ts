import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** Bars is a number for each name, side by side. */
export interface Bars {
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** what stands at the axis for a number */
  readonly words: (value: number) => string;
}

const height = 140;
// Whole numbers only: nobody held half a meeting.
const powers = Array.from({ length: 9 }, (_, power) => 10 ** power);
const steps = powers.flatMap((n) => [n, 2 * n, 5 * n]);
const weeks = [1, 2, 7, 14, 28, 56, 112];

/**
 * drawBars draws into host until the function it returns is called, again when the
 * room or the colours change. Colours and letters are host's own, from the tokens.
 */
export function drawBars(host: HTMLElement, bars: Bars): () => void {
  const xs = bars.values.map((_, i) => i);
  const build = () => new uPlot(optionsOf(host, bars), [xs, [...bars.values]], host);
  let plot = build();
  const observer = new ResizeObserver(() => {
    if (host.clientWidth !== plot.width) plot.setSize({ width: host.clientWidth, height });
  });
  observer.observe(host);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = () => {
    plot.destroy();
    plot = build();
  };
  dark.addEventListener("change", redraw);
  return () => {
    dark.removeEventListener("change", redraw);
    observer.disconnect();
    plot.destroy();
  };
}

function optionsOf(host: HTMLElement, { names, words }: Bars): uPlot.Options {
  const style = getComputedStyle(host);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const paths = uPlot.paths.bars?.({ size: [0.8, 24, 1] });
  const axis = {
    stroke: token("--quiet"),
    font: `${Math.round(Number.parseFloat(style.fontSize))}px ${style.fontFamily}`,
    ticks: { show: false },
  };
  return {
    ...{ width: host.clientWidth, height },
    // The table has the numbers; without these there is nothing to press in a picture.
    ...{ legend: { show: false }, cursor: { show: false } },
    scales: {
      x: { time: false, range: [-0.5, names.length - 0.5] },
      y: { range: (_, __, top) => [0, Math.max(1, top) * 1.1] },
    },
    series: [
      {},
      {
        ...{ fill: token("--accent-text"), width: 0, fillTo: 0, points: { show: false } },
        ...(paths ? { paths } : {}),
      },
    ],
    axes: [
      {
        ...{ ...axis, grid: { show: false }, space: 64, size: 32, gap: 8 },
        incrs: weeks,
        values: (_, splits) => splits.map((i) => names[i] ?? ""),
      },
      {
        ...{ ...axis, grid: { stroke: token("--line"), width: 1 }, space: 32, size: 52 },
        incrs: steps,
        values: (_, splits) => splits.map(words),
      },
    ],
    padding: [8, 8, 0, 0],
  };
}
