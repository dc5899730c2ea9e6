import { catalogue } from "./language";

/** Embedding: the site's meetings inside the pages of other products. */
export const embedding = catalogue("embedding", {
  title: "Embedding",
  lead: "Show the meetings of this site inside the pages of your own product.",

  origins: "Pages that may show them",
  originsNone: "None yet: no page may show a meeting of this site.",
  originsEdit: "Change them in the policy",

  keys: "Keys of join tokens",
  keysLead:
    "Your own server can sign people in: it makes a token for each, signed with a key that it keeps to itself. Register the public half of that key here.",
  rotate:
    "To exchange a key, add the new one, let your server sign with it, and then revoke the old one.",
  add: "Add a key",
  caption: "Keys, those that are good first",
  empty: "There is no key yet: nobody comes in with a join token.",
  name: "Name",
  algorithm: "Kind",
  role: "Up to",
  used: "Last used",
  never: "Never",
  actions: "Actions",
  revoked: (when: string) => `Revoked ${when}`,
  made: (when: string, by: string) => `Added ${when} by ${by}`,
  roles: { host: "Host", presenter: "Presenter", panelist: "Panelist", attendee: "Attendee" },

  addLead: "Make the pair on your own server. Its private half stays there.",
  addGo: "Add",
  adding: "Adding…",
  nameHint: "What signs with it, as you will know it again.",
  nameMissing: "Enter a name.",
  publicKey: "Public key",
  publicKeyHint: "PEM or JWK: Ed25519, or RSA of 2048 to 4096 bits.",
  publicKeyMissing: "Paste the public key.",
  roleHint: "The strongest role that a token of this key may give in a meeting.",

  sample: "Sample",
  sampleOf: (name: string) => `Sample for ${name}`,
  sampleTitle: (name: string) => `A token of ${name}`,
  sampleLead:
    "Your server signs a token like this for each person, with a new jti and no more than an hour from iat to exp. It is good once.",
  sampleLabel: "Header and claims",
  copy: "Copy the sample",
  copied: "Copied",
  done: "Done",

  rename: "Rename",
  renameOf: (name: string) => `Rename ${name}`,
  renaming: "Saving…",

  revoke: "Revoke",
  revokeOf: (name: string) => `Revoke ${name}`,
  revokeTitle: (name: string) => `Revoke ${name}?`,
  revokeHelp:
    "Tokens of this key let nobody in from now on. Whoever is in a meeting stays. The key cannot be added again.",
  revokeYes: "Revoke",
});
