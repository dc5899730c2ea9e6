const tints = 6;

/** tint gives somebody without a picture one of six backgrounds, always the same. */
export function tint(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) % 9973;
  return sum % tints;
}
