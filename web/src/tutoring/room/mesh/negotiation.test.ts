import { expect, test } from "vitest";
import { negotiate, type Negotiation } from "./negotiation";

type State = RTCSignalingState;

/** A connection that follows the rules of signaling states and knows nothing of media. */
class FakeConnection {
  signalingState: State = "stable";
  localDescription: RTCSessionDescription | null = null;
  remote: string | null = null;
  candidates: string[] = [];

  constructor(readonly name: string) {}

  setLocalDescription(): Promise<void> {
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    this.signalingState = type === "answer" ? "stable" : "have-local-offer";
    this.localDescription = { type, sdp: `${this.name} ${type}` } as RTCSessionDescription;
    return Promise.resolve();
  }

  setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
    if (type === "answer" && this.signalingState !== "have-local-offer")
      return Promise.reject(new Error("wrong state"));
    this.signalingState = type === "answer" ? "stable" : "have-remote-offer";
    this.remote = sdp ?? null;
    return Promise.resolve();
  }

  addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
    if (this.remote === null) return Promise.reject(new Error("no remote description"));
    this.candidates.push(candidate?.candidate ?? "");
    return Promise.resolve();
  }
}

function newSide(name: string, isPolite: boolean) {
  const connection = new FakeConnection(name);
  const outbox: RTCSessionDescription[] = [];
  const negotiation = negotiate({ connection, isPolite, send: (description) => outbox.push(description) });
  return { connection, outbox, negotiation };
}

async function deliver(from: { outbox: RTCSessionDescription[] }, to: { negotiation: Negotiation }): Promise<void> {
  for (const description of from.outbox.splice(0)) await to.negotiation.takeDescription(description);
}

test("an offer is answered", async () => {
  const [ada, bob] = [newSide("ada", false), newSide("bob", true)];
  await ada.negotiation.offer();
  await deliver(ada, bob);
  await deliver(bob, ada);
  expect([ada.connection.remote, bob.connection.remote]).toEqual(["bob answer", "ada offer"]);
  expect([ada.connection.signalingState, bob.connection.signalingState]).toEqual(["stable", "stable"]);
});

test("when offers cross, the polite side gives way and both come to rest", async () => {
  const [ada, bob] = [newSide("ada", false), newSide("bob", true)];
  await Promise.all([ada.negotiation.offer(), bob.negotiation.offer()]);
  await deliver(bob, ada);
  expect(ada.connection.remote).toBeNull();
  await deliver(ada, bob);
  await deliver(bob, ada);
  expect([ada.connection.remote, bob.connection.remote]).toEqual(["bob answer", "ada offer"]);
  expect([ada.connection.signalingState, bob.connection.signalingState]).toEqual(["stable", "stable"]);
});

test("candidates of an ignored offer are let go, others' failures are told", async () => {
  const ada = newSide("ada", false);
  await ada.negotiation.offer();
  await ada.negotiation.takeDescription({ type: "offer", sdp: "bob offer" });
  await expect(ada.negotiation.takeCandidate({ candidate: "bob's" })).resolves.toBeUndefined();
  const bob = newSide("bob", true);
  await expect(bob.negotiation.takeCandidate({ candidate: "early" })).rejects.toThrow("no remote description");
});

test("an answer that comes twice changes nothing", async () => {
  const ada = newSide("ada", false);
  await ada.negotiation.offer();
  const answer = { type: "answer", sdp: "bob answer" } as const;
  await ada.negotiation.takeDescription(answer);
  await ada.negotiation.takeDescription(answer);
  expect(ada.connection.signalingState).toBe("stable");
});
