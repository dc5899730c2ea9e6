const often = 80;
const quietest = -60;

/** meter reports how loud a microphone is, 0 to 1, until it is stopped. */
export function meter(track: MediaStreamTrack, heard: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(level(samples));
  }, often);
  context.resume().catch(() => {});
  return () => {
    clearInterval(timer);
    context.close().catch(() => {});
  };
}

/** level maps samples to the way ears hear: silence is 0, a shout is 1. */
export function level(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const decibels = 10 * Math.log10(power / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - decibels / quietest));
}
