import { afterEach, describe, expect, it, vi } from "vitest";
import { listed, nextPage, Problem, problemOf, read, removed } from "./http";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = new Response(status === 204 ? null : text, { status, headers });
  vi.stubGlobal("fetch", () => Promise.resolve(response));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a request", () => {
  it("reads what the server answers", async () => {
    answer(200, { name: "Ada" });
    expect(await read("/v1/me")).toEqual({ name: "Ada" });
    answer(204, "");
    expect(await removed("POST", "/v1/logout")).toBeUndefined();
  });

  it("throws a problem detail", async () => {
    answer(429, { code: "too_many_attempts", detail: "Wait." }, { "Retry-After": "30" });
    await expect(read("/v1/me")).rejects.toMatchObject({
      status: 429,
      code: "too_many_attempts",
      detail: "Wait.",
      retryAfter: 30,
    });
  });

  it.each([
    ["a page", "<html>"],
    ["nothing", ""],
    ["another shape", "[1]"],
  ])("calls it internal when the server fails with %s", async (_, body) => {
    answer(502, body);
    await expect(read("/v1/me")).rejects.toMatchObject({ code: "internal", status: 502 });
  });

  it("calls it unreachable when there is no answer", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    await expect(listed("/v1/meetings")).rejects.toMatchObject({ code: "unreachable" });
  });

  it("makes anything thrown a problem", () => {
    const problem = new Problem(404, "not_found", "", 0);
    expect(problemOf(problem)).toBe(problem);
    expect(problemOf(new Error("x")).code).toBe("internal");
  });
});

describe("the next page of a list", () => {
  const base = "https://meet.example/v1/meetingReports/usage";

  it.each([
    [
      '</v1/meetingReports/usage?cursor=a%2Cb>; rel="next"',
      "/v1/meetingReports/usage?cursor=a%2Cb",
    ],
    ["<https://meet.example/v1/x?c=1>; rel=next", "/v1/x?c=1"],
    ['</a>; rel="prev", </b>; rel="next"', "/b"],
    ['<https://evil.example/v1/x>; rel="next"', undefined],
    ['</a>; rel="prev"', undefined],
    [null, undefined],
  ])("%s", (header, path) => {
    expect(nextPage(header, base)).toBe(path);
  });
});
