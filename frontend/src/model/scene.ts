import { fitShare, gap, grid, gridCapacity, pageOf, type Size, stripCapacity } from "./layout";
import { live, type Person, person, type RoomState } from "./room";
import { keyOf, type Pool, type Wanted } from "./slots";

/** Screen is what the page knows of the place it draws in. */
export interface Screen extends Size {
  readonly pixelRatio: number;
  /** a phone: fewer faces at once, and fewer slots */
  readonly phone: boolean;
}

/** Layouts are the ways a person may see the room. */
export const layouts = [
  /** the newest share, or everybody alike while there is none */
  "automatic",
  /** everybody and everything alike */
  "grid",
  /** whoever speaks */
  "speaker",
  /** two shares beside each other */
  "pair",
] as const;

export type Layout = (typeof layouts)[number];

/** Choice is what the person chose to see. */
export interface Choice {
  readonly page: number;
  readonly layout: Layout;
  /** the picture that keeps the stage whatever happens, by slots.keyOf; "" is none */
  readonly pinned: string;
  readonly fullScreen: boolean;
}

export const plainChoice: Choice = { page: 0, layout: "automatic", pinned: "", fullScreen: false };

/** Hero is one of the pictures that the stage is for. */
export interface Hero {
  readonly person: Person;
  readonly source: Pool;
}

type Strip = "none" | "side" | "below";

/** Scene is what is drawn where. Views draw it and decide nothing. */
export interface Scene {
  /** what fills the stage, two at most; nothing when everybody is alike */
  readonly heroes: readonly Hero[];
  /** whether two heroes stand one above the other */
  readonly stacked: boolean;
  /** who else shares */
  readonly others: readonly Person[];
  readonly strip: Strip;
  /** the place of one hero, or of all tiles */
  readonly stage: Size;
  readonly tiles: readonly Person[];
  readonly tile: Size;
  readonly page: number;
  readonly pages: number;
}

/** Cast is who is seen, before it is decided where. */
type Cast = Pick<Scene, "heroes" | "others"> & { readonly people: readonly Person[] };

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
  const cast = castOf(room, choice);
  if (cast.heroes.length === 0) return withFaces(cast, screen, choice);
  if (choice.fullScreen) return filling(cast.heroes, screen);
  return withStrip(cast, screen, choice);
}

/** wantedIn lists the pictures a scene needs from the server. */
export function wantedIn(scene: Scene, self: string, pixelRatio: number): readonly Wanted[] {
  const want = (of: Person, source: Pool, height: number): Wanted[] => {
    if (of.id === self || (source === "camera" && !live(of, source))) return [];
    return [{ participant: of.id, source, height: pixels(height, pixelRatio) }];
  };
  return [
    ...scene.heroes.flatMap((hero) => want(hero.person, hero.source, scene.stage.height)),
    ...scene.others.flatMap((other) => want(other, "screen", scene.tile.height)),
    ...scene.tiles.flatMap((tile) => want(tile, "camera", scene.tile.height)),
  ];
}

/** Watching is how somebody looks at the room: at its page, or only at a window apart. */
export interface Watching {
  readonly self: string;
  readonly pixelRatio: number;
  /** the page is out of sight */
  readonly hidden: boolean;
  /** the share that stands in a window apart, and how high it is there */
  readonly apart: { readonly participant: string; readonly height: number } | null;
}

/** wantedNow lists the pictures that are really seen. What nobody looks at is not asked for. */
export function wantedNow(scene: Scene, watching: Watching): readonly Wanted[] {
  const { self, pixelRatio, hidden, apart } = watching;
  const here = hidden ? [] : wantedIn(scene, self, pixelRatio);
  if (!apart) return here;
  const { participant } = apart;
  const there: Wanted = { participant, source: "screen", height: pixels(apart.height, pixelRatio) };
  const same = here.find((wanted) => keyOf(wanted) === keyOf(there));
  if (!same) return [there, ...here];
  const both = { ...same, height: Math.max(same.height, there.height) };
  return here.map((wanted) => (wanted === same ? both : wanted));
}

/** placeShare is where a share of so many pixels stands on the stage. */
export function placeShare(picture: Size, scene: Scene, pixelRatio: number) {
  return fitShare(picture, scene.stage, pixelRatio);
}

/** sharesSeen are the shares of others: the pinned one first, then the newest. */
export function sharesSeen(room: RoomState, { pinned }: Choice): readonly Person[] {
  const chosen = (participant: string) =>
    keyOf({ participant, source: "screen" }) === pinned ? 0 : 1;
  return room.shares
    .filter((id) => id !== room.self)
    .reverse()
    .sort((a, b) => chosen(a) - chosen(b))
    .flatMap((id) => person(room, id) ?? []);
}

/** heroKey names a hero's picture. */
export function heroKey({ person: { id: participant }, source }: Hero): string {
  return keyOf({ participant, source });
}

function castOf(room: RoomState, choice: Choice): Cast {
  const shares = sharesSeen(room, choice);
  const heroes = heroesOf(room, shares, choice);
  const onStage = new Set(heroes.map(heroKey));
  const off = (source: Pool) => (one: Person) =>
    !onStage.has(keyOf({ participant: one.id, source }));
  return {
    heroes,
    others: shares.filter(off("screen")),
    people: faces(room).filter(off("camera")),
  };
}

/** heroesOf: what is pinned leads in every layout, as long as it is there. */
function heroesOf(
  room: RoomState,
  shares: readonly Person[],
  { layout, pinned }: Choice,
): readonly Hero[] {
  const hero = (source: Pool) => (of: Person) => ({ person: of, source });
  const face = faces(room).find(
    ({ id }) => keyOf({ participant: id, source: "camera" }) === pinned,
  );
  if (face) return [hero("camera")(face)];
  const [first] = shares.map(hero("screen"));
  if (layout === "pair" && shares.length > 1) return shares.slice(0, 2).map(hero("screen"));
  if (first && heroKey(first) === pinned) return [first];
  if (layout === "speaker") return speaker(room).map(hero("camera"));
  return first && layout !== "grid" ? [first] : [];
}

/** speaker is who spoke last, or who came first while nobody has; never oneself. */
function speaker(room: RoomState): readonly Person[] {
  const others = room.people.filter((p) => p.id !== room.self);
  const [who = others[0]] = others.filter((p) => p.id === room.spoke);
  return who ? [who] : [];
}

/** One's own face comes last: the others are why one is here. */
function faces(room: RoomState): readonly Person[] {
  const self = person(room, room.self);
  const others = room.people.filter((p) => p.id !== room.self);
  return self ? [...others, self] : others;
}

function withFaces({ others, people }: Cast, screen: Screen, choice: Choice): Scene {
  const kind = screen.phone ? "phone" : "desktop";
  const fits = gridCapacity(screen, facesAtOnce[kind], narrowest[kind]);
  const size = Math.max(1, fits - others.length);
  const paged = people.length > size;
  const stage = { width: screen.width, height: screen.height - (paged ? pager : 0) };
  const { page, pages, items: tiles } = pageOf(people, choice.page, size);
  // Every page has tiles of one size, so that nothing jumps between them.
  const { tile } = grid(others.length + (paged ? size : tiles.length), stage);
  const alike = { heroes: [], stacked: false, strip: "none" } as const;
  return { ...alike, others, stage, tiles, tile, page, pages };
}

function withStrip({ heroes, others, people }: Cast, screen: Screen, choice: Choice): Scene {
  // Two shares need the width that a strip at the side would take.
  const strip = screen.width > screen.height && heroes.length === 1 ? "side" : "below";
  const along = strip === "side" ? "height" : "width";
  const across = strip === "side" ? "width" : "height";
  const tile = stripTile[strip];
  const fits = stripCapacity(screen[along] - pager, tile[along]);
  const { page, pages, items } = pageOf(people, choice.page, Math.max(1, fits - others.length));
  const whole = { width: screen.width, height: screen.height };
  const rest = { ...whole, [across]: Math.max(0, whole[across] - tile[across] - stripPadding) };
  const places = placesOf(heroes, rest);
  return { heroes, others, strip, ...places, tiles: items, tile, page, pages };
}

function filling(heroes: readonly Hero[], { width, height }: Screen): Scene {
  const none = { width: 0, height: 0 };
  const alone = { others: [], strip: "none", tiles: [], tile: none, page: 0, pages: 1 } as const;
  return { ...alone, heroes, ...placesOf(heroes, { width, height }) };
}

/** placesOf gives each hero its part of a place. */
function placesOf(heroes: readonly Hero[], whole: Size): Pick<Scene, "stage" | "stacked"> {
  const stacked = heroes.length > 1 && whole.height > whole.width;
  if (heroes.length < 2) return { stage: whole, stacked };
  const half = (length: number) => Math.max(0, Math.floor((length - gap) / 2));
  const stage = stacked
    ? { ...whole, height: half(whole.height) }
    : { ...whole, width: half(whole.width) };
  return { stage, stacked };
}

/** Steps of 30 pixels: a window dragged wider does not chatter with the server. */
function pixels(height: number, pixelRatio: number): number {
  return Math.max(30, Math.ceil((height * pixelRatio) / 30) * 30);
}
