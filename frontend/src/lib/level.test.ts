import { expect, it } from "vitest";
import { level } from "./level";

it("maps loudness the way ears do", () => {
  expect(level(new Float32Array(512))).toBe(0);
  expect(level(new Float32Array(512).fill(1))).toBe(1);
  const speech = level(new Float32Array(512).fill(0.05));
  expect(speech).toBeGreaterThan(0.4);
  expect(speech).toBeLessThan(0.7);
});
