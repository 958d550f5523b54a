/** The connections to everybody else in the room: made, renewed and ended as people come, reload and go. */
import { pickPictureSize } from "../layout";
import { readBody, type Signal, type Standing } from "./messages";
import { Peer, type LocalMedia, type RemoteView } from "./peer";

type Options = {
  ownId: number;
  send: (to: number, kind: Signal["kind"], body: string) => void;
  onChange: (views: RemoteView[]) => void;
};

const LOOK_EVERY_MS = 5_000;
/**
 * A connection that is not there after this is made anew. The polite side waits longer, so that only one of them does
 * it.
 */
const RENEW_AFTER_MS = { impolite: 15_000, polite: 25_000 };

export class Mesh {
  private readonly peers = new Map<number, Peer>();
  private media: LocalMedia = { microphone: null, camera: null, screen: null };
  private standing: Standing = { isMuted: false, hasCamera: false, wantsToSend: false };
  private iceServers: RTCIceServer[] = [];
  private people: readonly number[] = [];
  private readonly timer = setInterval(() => this.renewLost(), LOOK_EVERY_MS);

  constructor(private readonly options: Options) {}

  /** Connects to all of these, and to nobody else. */
  setPeople(userIds: readonly number[]): void {
    this.people = userIds.filter((userId) => userId !== this.options.ownId);
    for (const [userId, peer] of this.peers)
      if (!this.people.includes(userId)) {
        peer.close();
        this.peers.delete(userId);
      }
    for (const userId of this.people) if (!this.peers.has(userId)) this.connect(userId);
    for (const peer of this.peers.values()) peer.limitPicture(this.maxPictureBits);
    this.tell();
  }

  setMedia(media: LocalMedia): void {
    this.media = media;
    for (const peer of this.peers.values()) peer.setMedia(media);
  }

  setStanding(standing: Standing): void {
    this.standing = standing;
    for (const peer of this.peers.values()) peer.setStanding(standing);
  }

  setIceServers(iceServers: RTCIceServer[]): void {
    this.iceServers = iceServers;
    for (const peer of this.peers.values()) peer.setIceServers(iceServers);
  }

  takeSignal({ from, body: text }: Signal): void {
    const body = readBody(text);
    if (!body || from === this.options.ownId) return;
    const known = this.peers.get(from);
    if (body.to !== null && body.to !== known?.call) return;
    const isOfAnother = known !== undefined && known.remoteCall !== null && known.remoteCall !== body.call;
    // Only an offer or a greeting begins a new call: what else comes from an unknown one is late.
    const begins = "isGreeting" in body || ("description" in body && body.description.type === "offer");
    if ((isOfAnother || !known) && !begins) return;
    const peer = !known || isOfAnother ? this.connect(from) : known;
    peer.takeSignal(body);
  }

  close(): void {
    clearInterval(this.timer);
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }

  private connect(userId: number): Peer {
    this.peers.get(userId)?.close();
    const peer = new Peer({
      userId,
      isPolite: this.isPoliteTo(userId),
      iceServers: this.iceServers,
      send: ({ kind, body }) => this.options.send(userId, kind, body),
      onChange: () => this.tell(),
    });
    this.peers.set(userId, peer);
    peer.limitPicture(this.maxPictureBits);
    peer.setMedia(this.media);
    peer.setStanding(this.standing);
    return peer;
  }

  /** Bits per second. */
  private get maxPictureBits(): number {
    return pickPictureSize(this.people.length + 1).maxBitsPerSecond;
  }

  private isPoliteTo(userId: number): boolean {
    return this.options.ownId > userId;
  }

  private renewLost(): void {
    const now = Date.now();
    for (const userId of this.people) {
      const peer = this.peers.get(userId);
      if (!peer || peer.isConnected) continue;
      const patienceMs = this.isPoliteTo(userId) ? RENEW_AFTER_MS.polite : RENEW_AFTER_MS.impolite;
      if (now - Math.max(peer.bornAt, peer.lostAt ?? 0) > patienceMs) this.connect(userId);
    }
  }

  private tell(): void {
    this.options.onChange(
      this.people.flatMap((userId) => {
        const peer = this.peers.get(userId);
        return peer ? [peer.view()] : [];
      }),
    );
  }
}
