import { beforeEach, describe, expect, it, vi } from "vitest";
import { recall, remember } from "./storage";

const forbidden = () => {
  throw new DOMException("no", "SecurityError");
};
let state: unknown;

beforeEach(() => {
  state = null;
  vi.stubGlobal("sessionStorage", {
    getItem: forbidden,
    setItem: forbidden,
    removeItem: forbidden,
  });
  vi.stubGlobal("localStorage", { getItem: forbidden, setItem: forbidden, removeItem: forbidden });
  vi.stubGlobal("history", {
    get state() {
      return state;
    },
    replaceState: (next: unknown) => {
      state = structuredClone(next);
    },
  });
});

describe("where nothing can be stored", () => {
  it("what is of the tab goes with the page, also when that is loaded again", () => {
    remember("a", "1");
    remember("b", "2");
    expect([recall("a"), recall("b"), recall("c")]).toEqual(["1", "2", ""]);
    remember("a", "");
    expect([recall("a"), recall("b")]).toEqual(["", "2"]);
  });

  it("what is of the browser is forgotten", () => {
    remember("a", "1", "browser");
    expect(recall("a", "browser")).toBe("");
    expect(state).toBeNull();
  });

  it("and no history either, nothing throws", () => {
    vi.stubGlobal("history", { state: null, replaceState: forbidden });
    remember("a", "1");
    expect(recall("a")).toBe("");
  });
});
