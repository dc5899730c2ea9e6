import { signal } from "@preact/signals";
import { type Problem, problemOf } from "../lib/http";
import { sentence } from "../model/problem";

/** Task runs one request at a time and keeps what went wrong as a sentence. */
export class Task {
  readonly busy = signal(false);
  readonly problem = signal("");

  /** run does the work; false when it failed, or when it was running already. */
  async run(work: () => Promise<void>, failed?: (problem: Problem) => boolean): Promise<boolean> {
    if (this.busy.value) return false;
    this.busy.value = true;
    this.problem.value = "";
    try {
      await work();
      return true;
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (!failed?.(problem)) this.problem.value = sentence(problem);
      return false;
    } finally {
      this.busy.value = false;
    }
  }
}
