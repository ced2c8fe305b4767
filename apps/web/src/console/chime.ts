import { signal } from '@preact/signals';

const MUTED = 'stuiver.till.muted';
/** Two notes going up, in Hz: heard over a coffee machine. */
const NOTES = [880, 1_318.5] as const;
const NOTE_SECONDS = 0.18;
const LOUDNESS = 0.4;

export const muted = signal(localStorage.getItem(MUTED) === 'yes');

export function chooseMuted(next: boolean): void {
  localStorage.setItem(MUTED, next ? 'yes' : 'no');
  muted.value = next;
}

let audio: AudioContext | null = null;

/** Browsers let a page sound only after a press on it: called from one, ahead of the sound. */
export function readyChime(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

/** "Paid", for who does not look. Silent when muted, or when nobody pressed anything on this page yet. */
export function chime(): void {
  if (muted.value || audio?.state !== 'running') return;
  for (const [place, pitch] of NOTES.entries()) {
    const begin = audio.currentTime + place * NOTE_SECONDS;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUDNESS, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 2 * NOTE_SECONDS);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 2 * NOTE_SECONDS);
  }
}
