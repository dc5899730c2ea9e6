import type { Participant } from "../lib/wire.gen";
import { fitShare, grid, gridCapacity, pageOf, type Size, stripCapacity } from "./layout";
import { live, person, type RoomState } from "./room";
import type { Wanted } from "./slots";

/** Screen is what the page knows of the place it draws in. */
export interface Screen extends Size {
  readonly pixelRatio: number;
  /** a phone: fewer faces at once, and fewer slots */
  readonly phone: boolean;
}

/** Choice is what the person chose to see. */
export interface Choice {
  readonly page: number;
  /** whose share, when there are several */
  readonly share: string;
  readonly fullScreen: boolean;
}

type Strip = "none" | "side" | "below";

/** Scene is what is drawn where. Views draw it and decide nothing. */
export interface Scene {
  /** whose share fills the stage; null when the faces do */
  readonly hero: Participant | null;
  /** who else shares */
  readonly others: readonly Participant[];
  readonly strip: Strip;
  readonly stage: Size;
  readonly tiles: readonly Participant[];
  readonly tile: Size;
  readonly page: number;
  readonly pages: number;
}

const facesAtOnce = { desktop: 25, phone: 8 };
const narrowest = { desktop: 128, phone: 112 };
const stripTile = {
  side: { width: 192, height: 108 },
  below: { width: 100, height: 75 },
};
const stripPadding = 16;
const pager = 52;

/** arrange decides what is seen where. It changes only by what people do. */
export function arrange(room: RoomState, screen: Screen, choice: Choice): Scene {
  const [hero, ...others] = sharesSeen(room, choice);
  if (!hero) return withFaces(faces(room), screen, choice);
  if (choice.fullScreen) return filling(hero, screen);
  return withShare({ hero, others }, faces(room), screen, choice);
}

/** wantedIn lists the pictures a scene needs from the server. */
export function wantedIn(scene: Scene, self: string, pixelRatio: number): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const screen = (participant: string, height: number) =>
    wanted.push({ participant, source: "screen", height: pixels(height, pixelRatio) });
  if (scene.hero) screen(scene.hero.id, scene.stage.height);
  for (const other of scene.others) screen(other.id, scene.tile.height);
  for (const tile of scene.tiles) {
    if (tile.id === self || !live(tile, "camera")) continue;
    const height = pixels(scene.tile.height, pixelRatio);
    wanted.push({ participant: tile.id, source: "camera", height });
  }
  return wanted;
}

/** placeShare is where a share of so many pixels stands on the stage. */
export function placeShare(picture: Size, scene: Scene, pixelRatio: number) {
  return fitShare(picture, scene.stage, pixelRatio);
}

/** One's own face comes last: the others are why one is here. */
function faces(room: RoomState): readonly Participant[] {
  const self = person(room, room.self);
  const others = room.people.filter((p) => p.id !== room.self);
  return self ? [...others, self] : others;
}

/** One's own share is not shown to oneself; of the others' the chosen one first, then the newest. */
function sharesSeen(room: RoomState, choice: Choice): readonly Participant[] {
  const chosen = (id: string) => (id === choice.share ? 0 : 1);
  return room.shares
    .filter((id) => id !== room.self)
    .reverse()
    .sort((a, b) => chosen(a) - chosen(b))
    .flatMap((id) => person(room, id) ?? []);
}

function withFaces(people: readonly Participant[], screen: Screen, choice: Choice): Scene {
  const kind = screen.phone ? "phone" : "desktop";
  const size = gridCapacity(screen, facesAtOnce[kind], narrowest[kind]);
  const paged = people.length > size;
  const stage = { width: screen.width, height: screen.height - (paged ? pager : 0) };
  const { page, pages, items: tiles } = pageOf(people, choice.page, size);
  // Every page has tiles of one size, so that nothing jumps between them.
  const { tile } = grid(paged ? size : tiles.length, stage);
  return { hero: null, others: [], strip: "none", stage, tiles, tile, page, pages };
}

function withShare(
  shares: { readonly hero: Participant; readonly others: readonly Participant[] },
  people: readonly Participant[],
  screen: Screen,
  choice: Choice,
): Scene {
  const strip = screen.width > screen.height ? "side" : "below";
  const along = strip === "side" ? "height" : "width";
  const across = strip === "side" ? "width" : "height";
  const tile = stripTile[strip];
  const fits = stripCapacity(screen[along] - pager, tile[along]);
  const size = Math.max(1, fits - shares.others.length);
  const { page, pages, items: tiles } = pageOf(people, choice.page, size);
  const whole = { width: screen.width, height: screen.height };
  const stage = { ...whole, [across]: Math.max(0, whole[across] - tile[across] - stripPadding) };
  return { ...shares, strip, stage, tiles, tile, page, pages };
}

function filling(hero: Participant, { width, height }: Screen): Scene {
  const none = { width: 0, height: 0 };
  const alone = { others: [], strip: "none", tiles: [], tile: none, page: 0, pages: 1 } as const;
  return { ...alone, hero, stage: { width, height } };
}

/** Steps of 30 pixels: a window dragged wider does not chatter with the server. */
function pixels(height: number, pixelRatio: number): number {
  return Math.max(30, Math.ceil((height * pixelRatio) / 30) * 30);
}
