import { expect, it } from "vitest";
import { placeAt } from "./address";

it.each([
  ["/", "home"],
  ["/signin", "signin"],
  ["/profile", "profile"],
  ["/profile/signin", "factors"],
  ["/profile/signin/", "factors"],
  ["/profile/other", "missing"],
  ["/admin", "people"],
  ["/admin/people", "people"],
  ["/admin/policy", "policy"],
  ["/admin/audit", "audit"],
  ["/admin/webhooks", "webhooks"],
  ["/admin/other", "missing"],
  ["/admin/policy/more", "missing"],
  ["/embed/demo", "demo"],
  ["/embed/demo/more", "missing"],
  ["/embed", "missing"],
  ["/embed/", "missing"],
  ["/embed/x", "missing"],
  ["/embed/2345-678", "missing"],
  ["/embed/23456789012/more", "missing"],
  ["/meetings/1", "missing"],
  ["/nothing", "missing"],
])("%s is the page %s", (path, page) => {
  expect(placeAt(path, "")).toEqual({ page });
});

it("reads a meeting's number", () => {
  expect(placeAt("/j/2345-678-9012", "")).toEqual({
    page: "join",
    number: "23456789012",
    byLink: true,
  });
  expect(placeAt("/join", "?number=23456789012")).toEqual({
    page: "join",
    number: "23456789012",
    byLink: false,
  });
});

it("reads the number of a meeting in a frame", () => {
  expect(placeAt("/embed/23456789012", "")).toEqual({ page: "embed", number: "23456789012" });
});
