import { invitedBy } from "./address";
import type { ConclaveMeetingElement } from "./component";
import { ConclaveMeeting } from "./meeting";
import { events } from "./protocol";

// The page's own styles win over these.
const style = ":host { display: block; height: 600px; } :host([hidden]) { display: none; }";

/**
 * MeetingElement is <conclave-meeting>: a meeting as long as it is in a page and has
 * a src. Another src is another meeting; what else is said in attributes holds from then on.
 */
export class MeetingElement extends HTMLElement implements ConclaveMeetingElement {
  static readonly observedAttributes = ["src"];

  #meeting: ConclaveMeeting | null = null;
  #due = false;
  readonly #root = this.attachShadow({ mode: "open" });

  constructor() {
    super();
    const sheet = new CSSStyleSheet(); // by script: a page's policy may forbid styles in the markup
    sheet.replaceSync(style);
    this.#root.adoptedStyleSheets = [sheet];
  }

  get meeting(): ConclaveMeeting | null {
    return this.#meeting;
  }

  connectedCallback(): void {
    this.#renew();
  }

  disconnectedCallback(): void {
    this.#close();
  }

  attributeChangedCallback(): void {
    this.#renew();
  }

  /** #renew waits until whoever sets attributes one after another has set them all. */
  #renew(): void {
    this.#close();
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected && this.getAttribute("src")) this.#open(this.getAttribute("src") ?? "");
    });
  }

  #open(src: string): void {
    const { domain, ...meeting } = invitedBy(src);
    const accent = this.getAttribute("accent");
    this.#meeting = new ConclaveMeeting(domain, {
      ...meeting,
      ...{ parentNode: this.#root, height: "100%" },
      displayName: this.getAttribute("display-name") ?? "",
      lang: this.getAttribute("lang") ?? "",
      jwt: this.getAttribute("jwt") ?? "",
      startWithAudioMuted: this.hasAttribute("start-with-audio-muted"),
      startWithVideoMuted: this.hasAttribute("start-with-video-muted"),
      ...(accent ? { theme: { accent } } : {}),
    });
    for (const event of events) {
      this.#meeting.on(event, (detail) => this.dispatchEvent(new CustomEvent(event, { detail })));
    }
  }

  #close(): void {
    this.#meeting?.dispose();
    this.#meeting = null;
  }
}
