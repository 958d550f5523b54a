import { useEffect, useState } from "react";

/** Louder than a quiet room, softer than a soft voice. */
const SPEECH_LEVEL = 0.015;
/** Words have gaps between them. */
const HOLD_MS = 700;
const LOOK_EVERY_MS = 120;

/** The level of samples between -1 and 1: 0 for silence, 1 for the loudest. */
export function measureLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

export const isSpeech = (level: number): boolean => level >= SPEECH_LEVEL;

let shared: AudioContext | null = null;

/** One for the page: browsers allow only a few. It sleeps until the page may make sound, or listens. */
function getAudioContext(): AudioContext {
  shared ??= new AudioContext();
  if (shared.state === "suspended") void shared.resume().catch(() => undefined);
  return shared;
}

/** Calls `onLevel` about eight times a second. Returns what stops it. */
function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = getAudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(measureLevel(samples));
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

/** The level of a microphone, 0 to 1, for its meter. */
export function useLevel(track: MediaStreamTrack | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => (track ? watchLevel(track, setLevel) : undefined), [track]);
  return track ? level : 0;
}

/** True while somebody speaks. */
export function useSpeaking(track: MediaStreamTrack | null): boolean {
  const [speaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (!track) return;
    let heardAt = 0;
    return watchLevel(track, (level) => {
      const now = Date.now();
      if (isSpeech(level)) heardAt = now;
      setSpeaking(now - heardAt < HOLD_MS);
    });
  }, [track]);
  return track !== null && speaking;
}
