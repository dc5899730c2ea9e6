import type { Bytes } from "../sframe/bytes";
import type { Code, Command, Event } from "../wire.gen";
import type { Frozen, Notice } from "./notice";
import type { Met } from "./people";
import type { RulesChange } from "./rules";
import type { GroupView, Message, Reaction, Refusal, To } from "./view";

/** Credentials are what one has to come in with, when the site has answered. */
export interface Credentials {
  /** the JWS the site signed */
  readonly credential: string;
  /** the site's signature key, base64url */
  readonly siteKey: string;
  /** the site's address */
  readonly issuer: string;
  /** the meeting's number */
  readonly number: string;
  /** the secret of the invite link, base64url, if one has it */
  readonly link: string;
  /** the meeting's password, if one knows it */
  readonly password: string;
}

/** ToGroup is what the page says to the group's worker. */
export type ToGroup =
  /** the port on which the worker hands out base keys; sent first */
  | { readonly type: "begin"; readonly port: MessagePort }
  | { readonly type: "identify"; readonly credentials: Credentials }
  /** anything from the socket that is about who is in */
  | { readonly type: "event"; readonly event: Event }
  | { readonly type: "replied"; readonly id: number; readonly code: Code | "lost" }
  | { readonly type: "admit"; readonly participants: readonly string[] }
  | { readonly type: "rules"; readonly change: RulesChange }
  | { readonly type: "expel"; readonly key: string; readonly expelled: boolean }
  | { readonly type: "seal"; readonly id: number; readonly to: To; readonly text: string }
  | { readonly type: "notify"; readonly id: number; readonly frozen: Frozen }
  | { readonly type: "react"; readonly id: number; readonly sign: number }
  | { readonly type: "open"; readonly bytes: Bytes };

/** Opened is what a message from a data channel was. */
export type Opened =
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "reaction"; readonly reaction: Reaction }
  | { readonly type: "notice"; readonly notice: Notice };

/** FromGroup is what the group's worker says to the page. */
export type FromGroup =
  /** one's public keys, base64url */
  | { readonly type: "keys"; readonly signatureKey: string; readonly sealingKey: string }
  | { readonly type: "identified"; readonly keyPackage: string; readonly door: "link" | "password" }
  /** one cannot come in: there is neither link nor password, or the credential is not right */
  | { readonly type: "unidentified" }
  | { readonly type: "view"; readonly view: GroupView }
  | { readonly type: "met"; readonly participant: string; readonly met: Met }
  /** a command for the socket; its code goes back as replied */
  | { readonly type: "command"; readonly id: number; readonly command: Command }
  | { readonly type: "unruled"; readonly code: string }
  | { readonly type: "sealed"; readonly id: number; readonly bytes: Bytes | null }
  | Opened
  | { readonly type: "refused"; readonly refusal: Refusal };
