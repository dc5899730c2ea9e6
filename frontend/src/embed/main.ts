import type { ConclaveMeeting as Declared } from "./component";
import { MeetingElement } from "./element";
import { ConclaveMeeting } from "./meeting";

// /embed.js: what an embedder's page loads. These two are all that it puts there.
// Where a page loads it twice, the first stays.
const declared: typeof Declared = ConclaveMeeting;
window.ConclaveMeeting ??= declared;
if (!customElements.get("conclave-meeting"))
  customElements.define("conclave-meeting", MeetingElement);

export { ConclaveMeeting };
