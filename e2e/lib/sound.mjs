// Sound files that stand for microphones.

import { writeFile } from "node:fs/promises";

/**
 * Writes a WAV file of a tone that comes and goes, as speech does: a steady one
 * is what noise suppression takes out.
 */
export async function writeTone(file, hz, seconds = 6) {
  const rate = 48_000;
  const samples = new Int16Array(rate * seconds);
  for (let i = 0; i < samples.length; i++) {
    const t = i / rate;
    const phase = t % 0.7;
    const envelope = phase < 0.3 ? Math.sin((Math.PI * phase) / 0.3) : 0;
    samples[i] = 20_000 * envelope * Math.sin(2 * Math.PI * hz * t);
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  await writeFile(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
}
