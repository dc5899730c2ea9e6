import { describe, expect, it } from "vitest";
import type { SiteInfo } from "../lib/rest";
import { askedOf, filled, missingIn } from "./entrance";

const site: SiteInfo = {
  ...{ name: "acme", title: "Acme", requireLoginBeforeAccess: false, allowSelfRegistration: false },
  ...{ unlistAllMeetings: false, requireMeetingPassword: false, requireStrongPassword: false },
  ...{ disableEmailInvitations: false, requireEmail: true, approveForgotPassword: false },
  preSessionFields: [
    { name: "company", label: "Company", required: true, choices: [] },
    { name: "team", label: "Team", required: false, choices: ["Red", "Blue"] },
  ],
  disclaimer: { text: "Be kind.", hash: "abc" },
};
const guest = { host: false, signedIn: false, email: false };

describe("what a site asks", () => {
  it("is asked of guests, less of who is signed in, and nothing of the host", () => {
    expect(Object.keys(missingIn(askedOf(site, guest)))).toEqual([
      "email",
      "field company",
      "agree",
    ]);
    expect(askedOf(site, { host: false, signedIn: true, email: false }).email).toBe(false);
    const lax = { ...site, requireEmail: false };
    expect(askedOf(lax, guest).email).toBe(false);
    expect(askedOf(lax, { ...guest, email: true }).email).toBe(true);
    expect(askedOf(lax, { host: false, signedIn: true, email: true }).email).toBe(false);
    expect(missingIn(askedOf(site, { host: true, signedIn: true, email: false }))).toEqual({});
    expect(missingIn(null)).toEqual({});
  });

  it("is sent as it was filled in, and only that", () => {
    const values = {
      email: " g@example.org ",
      "field company": " Acme ",
      "field team": "",
      x: "y",
    };
    expect(filled(askedOf(site, guest), values)).toEqual({
      email: "g@example.org",
      fields: { company: "Acme" },
      disclaimerHash: "abc",
    });
    expect(filled(askedOf(site, { host: true, signedIn: true, email: false }), values)).toEqual({});
    expect(filled(null, values)).toEqual({});
  });
});
