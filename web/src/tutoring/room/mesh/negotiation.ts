/**
 * Perfect negotiation: either side may offer at any time. When two offers cross, the polite side takes its own back,
 * and the other ignores the one it gets.
 */
type Connection = Pick<
  RTCPeerConnection,
  "signalingState" | "localDescription" | "setLocalDescription" | "setRemoteDescription" | "addIceCandidate"
>;

type Options = {
  connection: Connection;
  isPolite: boolean;
  /** Hands a description to the other side. */
  send: (description: RTCSessionDescription) => void;
  /** Called when an offer is taken, before it is answered. */
  beforeAnswer?: () => void;
};

export type Negotiation = ReturnType<typeof negotiate>;

export function negotiate({ connection, isPolite, send, beforeAnswer }: Options) {
  let isOffering = false;
  let isIgnoring = false;
  let isTakingAnswer = false;

  const describe = async () => {
    await connection.setLocalDescription();
    if (connection.localDescription) send(connection.localDescription);
  };

  return {
    /** To be called when the connection needs negotiation. */
    async offer(): Promise<void> {
      isOffering = true;
      try {
        await describe();
      } finally {
        isOffering = false;
      }
    },

    /** Sends the offer again that waits for an answer. */
    repeatOffer(): void {
      if (connection.signalingState === "have-local-offer" && connection.localDescription)
        send(connection.localDescription);
    },

    async takeDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const isReady =
        !isOffering && (connection.signalingState === "stable" || (isTakingAnswer && description.type === "offer"));
      const collides = description.type === "offer" && !isReady;
      isIgnoring = collides && !isPolite;
      if (isIgnoring) return;
      // An answer to an offer that was taken back has nothing to answer any more.
      if (description.type === "answer" && connection.signalingState !== "have-local-offer") return;
      isTakingAnswer = description.type === "answer";
      try {
        await connection.setRemoteDescription(description);
      } finally {
        isTakingAnswer = false;
      }
      if (description.type !== "offer") return;
      beforeAnswer?.();
      await describe();
    },

    async takeCandidate(candidate: RTCIceCandidateInit): Promise<void> {
      try {
        await connection.addIceCandidate(candidate);
      } catch (error) {
        // Those of an ignored offer belong to nothing.
        if (!isIgnoring) throw error;
      }
    },
  };
}
