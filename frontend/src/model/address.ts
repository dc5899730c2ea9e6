import { digitsOf } from "./format";

/** Place is where in the site a person is. */
export type Place =
  | { readonly page: "home" }
  | { readonly page: "setup" }
  | { readonly page: "signin" }
  | { readonly page: "factors" }
  | { readonly page: "welcome" }
  | { readonly page: "register" }
  | { readonly page: "forgot" }
  | { readonly page: "profile" }
  | { readonly page: "people" }
  | { readonly page: "audit" }
  | { readonly page: "meetings" }
  | { readonly page: "reports" }
  | { readonly page: "policy" }
  | { readonly page: "embedding" }
  | { readonly page: "webhooks" }
  | { readonly page: "join"; readonly number: string; readonly byLink: boolean }
  | { readonly page: "demo" }
  /** the door for a frame of another site's page */
  | { readonly page: "embed"; readonly number: string }
  | { readonly page: "missing" };

export type PageName = Place["page"];

/** placeAt reads an address: the path and the query, never the fragment. */
export function placeAt(path: string, query: string): Place {
  const [first = "", second = "", ...rest] = path.split("/").filter(Boolean);
  if (rest.length > 0) return { page: "missing" };
  if (first === "admin") return administration(second);
  if (first === "profile" && second === "signin") return { page: "factors" };
  if (first === "embed") return forFrames(second);
  if (second && first !== "j") return { page: "missing" };
  switch (first) {
    case "":
      return { page: "home" };
    case "setup":
    case "signin":
    case "welcome":
    case "register":
    case "forgot":
    case "profile":
    case "meetings":
    case "reports":
      return { page: first };
    case "join":
      return { page: "join", number: numberIn(query), byLink: false };
    case "j":
      return { page: "join", number: digitsOf(second), byLink: true };
    default:
      return { page: "missing" };
  }
}

/** forFrames: a door for a frame of another site's page, or what shows developers how one makes one. */
function forFrames(part: string): Place {
  if (part === "demo") return { page: "demo" };
  return /^\d{1,20}$/.test(part) ? { page: "embed", number: part } : { page: "missing" };
}

/** administration begins with the people. */
function administration(part: string): Place {
  switch (part) {
    case "":
    case "people":
      return { page: "people" };
    case "policy":
    case "embedding":
    case "audit":
    case "webhooks":
      return { page: part };
    default:
      return { page: "missing" };
  }
}

/** joinPath is where a host's own meeting is entered: their login stands for the secret. */
export function joinPath(number: string): string {
  return `/j/${number}`;
}

/** byNumberPath is the form for people who have a number and no link. */
export function byNumberPath(number: string): string {
  return number ? `/join?number=${number}` : "/join";
}

function numberIn(query: string): string {
  return digitsOf(new URLSearchParams(query).get("number") ?? "");
}
