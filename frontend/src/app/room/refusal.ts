import { Problem } from "../../lib/http";
import type { Code } from "../../lib/wire.gen";
import { room as words } from "../../text/room";

/** refusal says why the server did not let somebody in. */
export function refusal(code: Code): Problem | string {
  if (code === "ended") return new Problem(410, "meeting_ended", "", 0);
  const { full, bad_version, unavailable, other } = words.joinRefused;
  if (code === "full") return full;
  if (code === "bad_version") return bad_version;
  return code === "unavailable" ? unavailable : other;
}
