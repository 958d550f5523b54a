/** The offset of the server's clock from this device's, measured with calls that return its time. */

export type Sample = { sentAt: number; receivedAt: number; serverAt: number };

/**
 * Server time − device time in ms, by the sample with the shortest round trip: it can be wrong by at most half of it.
 * Null without samples.
 */
export function offsetOf(samples: readonly Sample[]): number | null {
  const wayMs = ({ sentAt, receivedAt }: Sample) => receivedAt - sentAt;
  const best = samples.filter((sample) => wayMs(sample) >= 0).sort((a, b) => wayMs(a) - wayMs(b))[0];
  return best ? best.serverAt - (best.sentAt + best.receivedAt) / 2 : null;
}
