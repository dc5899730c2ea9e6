const consonants = "bdfghjklmnprstvz";
const vowels = "aiou";
const digits = "23456789";

/** How many random bytes readable takes. */
export const passwordBytes = 8;

/**
 * readable makes a password that can be said on a telephone: tabo-kimu-neva-38,
 * 42 bits from eight random bytes.
 */
export function readable(random: Uint8Array): string {
  const at = (i: number) => random[i] ?? 0;
  const syllable = (i: number) => pick(consonants, at(i)) + pick(vowels, at(i) >> 4);
  const word = (i: number) => syllable(i) + syllable(i + 1);
  return `${word(0)}-${word(2)}-${word(4)}-${pick(digits, at(6))}${pick(digits, at(7))}`;
}

/** Every alphabet has a power of two of letters, so that none is likelier. */
function pick(alphabet: string, byte: number): string {
  return alphabet.charAt(byte % alphabet.length);
}
