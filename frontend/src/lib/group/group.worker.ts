import { toBase64url } from "../base64url";
import type { KeyMessage } from "../media/epoch";
import type { Bytes } from "../sframe/bytes";
import { Membership } from "./membership";
import type { Credentials, FromGroup, ToGroup } from "./messages";
import { Newcomer } from "./newcomer";
import { met } from "./people";
import { Post } from "./post";
import type { GroupView } from "./view";

/** Everything that has a key of the group, but those of frames: one worker for each stay. */
class GroupWorker {
  readonly #newcomer = Newcomer.make();
  readonly #post = this.#newcomer.then((person) => new Post(person));
  readonly #asked = new Set<string>();
  #port: MessagePort | null = null;
  readonly #membership = new Membership(
    async (admitted) => (await this.#newcomer).enter(admitted),
    {
      view: (view) => this.#view(view),
      epoch: (group, keys) => {
        this.#hand(keys);
        void this.#reopen(group, keys);
      },
      command: (id, command) => say({ type: "command", id, command }),
      unruled: (code) => say({ type: "unruled", code }),
      refused: (refusal) => {
        this.#hand({ over: true });
        void this.#post.then((post) => post.close());
        say({ type: "refused", refusal });
      },
    },
  );

  async hear(message: ToGroup): Promise<void> {
    switch (message.type) {
      case "begin":
        this.#port = message.port;
        return this.#show();
      case "identify":
        return this.#identify(message.credentials);
      case "event":
        return this.#membership.hear(message.event);
      case "replied":
        return this.#membership.replied(message.id, message.code);
      case "admit":
        return this.#membership.admit(message.participants);
      case "rules":
        return this.#membership.setRules(message.change);
      case "expel":
        return this.#membership.expel(message.key, message.expelled);
      case "seal":
        return this.#seal(message.id, (post) => post.seal(message.to, message.text));
      case "notify":
        return this.#seal(message.id, (post) => post.notify(message.frozen));
      case "react":
        return this.#seal(message.id, (post) => post.sealReaction(message.sign));
      case "open":
        return this.#open(message.bytes);
    }
  }

  async #show(): Promise<void> {
    const { signature, sealing } = await this.#newcomer;
    const signatureKey = toBase64url(signature.public);
    say({ type: "keys", signatureKey, sealingKey: toBase64url(sealing.public) });
  }

  async #identify(credentials: Credentials): Promise<void> {
    const ticket = await (await this.#newcomer).identify(credentials);
    say(ticket ? { type: "identified", ...ticket } : { type: "unidentified" });
  }

  #hand(message: KeyMessage): void {
    this.#port?.postMessage(message);
  }

  async #reopen(...[group, keys]: Parameters<Post["advance"]>): Promise<void> {
    const copy = { ...keys, baseKey: keys.baseKey.slice() };
    for (const bytes of (await this.#post).advance(group, copy)) await this.#open(bytes);
  }

  async #seal(id: number, by: (post: Post) => Promise<Bytes | null>): Promise<void> {
    const bytes = await by(await this.#post).catch(() => null);
    say({ type: "sealed", id, bytes });
  }

  async #open(bytes: Bytes): Promise<void> {
    const opened = await (await this.#post).open(bytes).catch(() => null);
    if (opened) say(opened);
  }

  #view(view: GroupView): void {
    say({ type: "view", view });
    for (const member of view.members) {
      if (member.leaf === view.self || this.#asked.has(member.participant)) continue;
      this.#asked.add(member.participant);
      met(member)
        .then((found) => say({ type: "met", participant: member.participant, met: found }))
        .catch(() => {});
    }
  }
}

function say(message: FromGroup): void {
  postMessage(message);
}

const worker = new GroupWorker();
let turn: Promise<unknown> = Promise.resolve();

// One message after the other: a message that is opened must not overtake another.
addEventListener("message", ({ data }: MessageEvent<ToGroup>) => {
  turn = turn.then(() => worker.hear(data)).catch(() => {});
});
