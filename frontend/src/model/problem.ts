import type { Problem } from "../lib/http";
import { problems } from "../text/problems";

/** sentence says a problem: what happened, whether anything was lost, what to do now. */
export function sentence(
  problem: Pick<Problem, "code" | "detail" | "retryAfter" | "status">,
): string {
  const { code, detail, retryAfter } = problem;
  if (code === "too_many_attempts")
    return `${problems.too_many_attempts} ${problems.wait(retryAfter)}`;
  if (code === "invalid") return detail || problems.invalid;
  if (isKnown(code)) return problems[code];
  return detail || problems.internal;
}

type Known = Exclude<keyof typeof problems, "wait">;

function isKnown(code: string): code is Known {
  return code !== "wait" && Object.hasOwn(problems, code);
}

/** Landing is what the server tells a page behind the #, after a sign-in elsewhere. */
export interface Landing {
  readonly problem: string;
  readonly challenge: string;
}

/** landing reads it. */
export function landing(fragment: string): Landing {
  const [kind, value = ""] = fragment.split(/\.(.*)/s, 2);
  const problem = { code: value, detail: "", retryAfter: 0, status: 0 };
  return {
    problem: kind === "problem" && value ? sentence(problem) : "",
    challenge: kind === "challenge" ? value : "",
  };
}
