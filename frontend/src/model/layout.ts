/** Size is in CSS pixels, unless said otherwise. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

export interface Grid {
  readonly columns: number;
  readonly tile: Size;
}

export const gap = 8;
/** A tile cuts at most a quarter off the sides of a camera. */
const widest = 16 / 9;
const tallest = 4 / 3;

/** grid divides a box among a number of tiles so that each is as large as can be. */
export function grid(count: number, box: Size): Grid {
  let best: Grid = { columns: 1, tile: { width: 0, height: 0 } };
  for (let columns = 1; columns <= count; columns++) {
    const tile = cell(box, columns, Math.ceil(count / columns));
    if (area(tile) > area(best.tile)) best = { columns, tile };
  }
  return best;
}

/** gridCapacity is how many tiles fit a box before one gets narrower than a face needs. */
export function gridCapacity(box: Size, most: number, narrowest: number): number {
  let count = most;
  while (count > 1 && grid(count, box).tile.width < narrowest) count--;
  return count;
}

/** stripCapacity is how many tiles stand in a row of a given length. */
export function stripCapacity(length: number, tile: number): number {
  return Math.max(1, Math.floor((length + gap) / (tile + gap)));
}

/**
 * fitShare places a picture of so many pixels on a stage. Text is never scaled
 * by a fraction when it fits: one picture pixel is a whole number of screen
 * pixels, on a whole pixel. Only what does not fit is made smaller.
 */
export function fitShare(picture: Size, stage: Size, pixelRatio: number): Box {
  if (picture.width === 0 || picture.height === 0) return { left: 0, top: 0, width: 0, height: 0 };
  const room = { width: stage.width * pixelRatio, height: stage.height * pixelRatio };
  const fit = Math.min(room.width / picture.width, room.height / picture.height);
  const most = Math.max(1, Math.round(pixelRatio));
  const scale = fit >= 1 ? Math.min(Math.floor(fit), most) : fit;
  const width = Math.round(picture.width * scale);
  const height = Math.round(picture.height * scale);
  return {
    left: Math.floor((room.width - width) / 2) / pixelRatio,
    top: Math.floor((room.height - height) / 2) / pixelRatio,
    width: width / pixelRatio,
    height: height / pixelRatio,
  };
}

/** pageOf cuts one page out of a list. A page that no longer exists is the last one. */
export function pageOf<T>(items: readonly T[], page: number, size: number): Page<T> {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { page: at, pages, items: items.slice(at * size, (at + 1) * size) };
}

export interface Page<T> {
  readonly page: number;
  readonly pages: number;
  readonly items: readonly T[];
}

function cell(box: Size, columns: number, rows: number): Size {
  const width = Math.max(0, (box.width - gap * (columns - 1)) / columns);
  const height = Math.max(0, (box.height - gap * (rows - 1)) / rows);
  return {
    width: Math.floor(Math.min(width, height * widest)),
    height: Math.floor(Math.min(height, width / tallest)),
  };
}

function area(size: Size): number {
  return size.width * size.height;
}
