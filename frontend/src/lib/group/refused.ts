import type { Refusal } from "./view";

/** Refused is thrown where a member does not follow, and says why. What was before still stands. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly refusal: Refusal,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`${what}: ${refusal}`, options);
  }
}
