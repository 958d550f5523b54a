/** How far the server's clock is ahead of this device's, measured over calls that answer its time. */

export type Sample = { sentAt: number; receivedAt: number; serverAt: number };

/**
 * Server time − device time in ms: of several samples the one with the shortest way there and back is the surest, for it
 * can be wrong by at most half of that way. Null without samples.
 */
export function offsetOf(samples: readonly Sample[]): number | null {
  const wayMs = ({ sentAt, receivedAt }: Sample) => receivedAt - sentAt;
  const best = samples.filter((sample) => wayMs(sample) >= 0).sort((a, b) => wayMs(a) - wayMs(b))[0];
  return best ? best.serverAt - (best.sentAt + best.receivedAt) / 2 : null;
}
