import { preferences } from "@/session/preferences";

/** Two tones a person tells apart without looking: a high one for "found", a low double one for "no". */
export function answerScan(found: boolean): void {
  if (!preferences().scanSound || typeof AudioContext === "undefined") return;
  const audio = new AudioContext();
  const beep = (frequency: number, start: number, length: number) => {
    const source = audio.createOscillator();
    const gain = audio.createGain();
    source.frequency.value = frequency;
    gain.gain.value = 0.06;
    source.connect(gain).connect(audio.destination);
    source.start(audio.currentTime + start);
    source.stop(audio.currentTime + start + length);
  };
  if (found) beep(1320, 0, 0.08);
  else {
    beep(220, 0, 0.12);
    beep(220, 0.18, 0.12);
  }
  window.setTimeout(() => void audio.close(), 600);
}
