import { beforeEach, describe, expect, it } from "vitest";
import { guardKeys } from "./keyguard";

let page: EventTarget;
let at: string;

/** What comes to a page; elements are told by what they are. */
function comes(type: string, more: object = {}): Event {
  const target = Object.assign(page, {
    closest: (what: string) => (what.split(", ").includes(at) ? page : null),
  });
  const event = Object.assign(new Event(type, { cancelable: true }), more);
  target.dispatchEvent(event);
  return event;
}

const heard: string[] = [];
const press = (key: string) => {
  heard.length = 0;
  comes("keydown", { key });
  comes("keyup", { key });
  return heard.length > 0;
};

beforeEach(() => {
  page = new EventTarget();
  at = "h1";
  guardKeys(page);
  page.addEventListener("keydown", (event) => heard.push((event as KeyboardEvent).key));
});

describe("a key in a frame", () => {
  it.each(["m", "v", " ", "Enter", "ж"])("%j does nothing before somebody clicked in it", (key) => {
    expect(press(key)).toBe(false);
    comes("pointerdown");
    expect(press(key)).toBe(true);
  });

  it("does nothing once the page around it has taken the focus and given it back", () => {
    comes("pointerdown");
    comes("focus");
    expect(press("m")).toBe(true);
    comes("blur");
    comes("focus");
    expect(press("m")).toBe(false);
    comes("click", { detail: 0 }); // with a key
    expect(press("m")).toBe(false);
  });

  it("does nothing where a click that took no focus is long past", () => {
    comes("pointerdown");
    const late = new Event("focus");
    Object.defineProperty(late, "timeStamp", { value: late.timeStamp + 5_000 });
    page.dispatchEvent(late);
    expect(press("m")).toBe(false);
  });

  it("presses a button for who has come to it with Tab, and opens no microphone", () => {
    at = "button";
    expect(press(" ")).toBe(false);
    expect(press("Tab")).toBe(true);
    expect([press(" "), press("Enter"), press("m")]).toEqual([true, true, false]);
    at = "h1";
    expect(press(" ")).toBe(false);
  });

  it("writes where somebody writes, and moves", () => {
    expect([press("Escape"), press("ArrowDown")]).toEqual([true, true]);
    at = "textarea";
    expect([press("m"), press(" "), press("Enter")]).toEqual([true, true, true]);
  });
});
