/** The connection to one other person in the room. */
import { readStanding, type Body, type CandidatesBody, type DescriptionBody, type GreetingBody } from "./messages";
import type { Standing } from "./messages";
import { negotiate, type Negotiation } from "./negotiation";

/** What this page has to send. */
export type LocalMedia = {
  microphone: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
};

/** What is seen and heard of the other. */
export type RemoteView = {
  userId: number;
  person: MediaStream | null;
  screen: MediaStream | null;
  connection: "connecting" | "connected" | "lost";
  standing: Standing;
};

type Sent = { kind: "offer" | "answer" | "candidate" | "bye"; body: string };
export type PeerOptions = {
  userId: number;
  isPolite: boolean;
  iceServers: RTCIceServer[];
  send: (signal: Sent) => void;
  onChange: () => void;
};

/** Candidates that come together are sent together. */
const GATHER_MS = 120;
/** Connections often come back by themselves within this time. */
const PATIENCE_MS = 3_000;

const newCall = () => crypto.getRandomValues(new Uint32Array(2)).join("-");

/**
 * Sound and picture have one place each for the whole call, and muting or another device only changes what is sent
 * there. The impolite side makes both places and offers them; the polite one greets and takes the places it is offered.
 * A screen comes and goes with a place of its own, which is negotiated.
 */
export class Peer {
  /** Names this connection. */
  readonly call = newCall();
  /** Names the other's connection, once it has sent something. */
  remoteCall: string | null = null;
  readonly bornAt = Date.now();
  /** When a connection that was there broke; null before the first. */
  lostAt: number | null = null;

  private readonly connection: RTCPeerConnection;
  private readonly negotiation: Negotiation;
  private channel: RTCDataChannel | null = null;
  private places: { microphone: RTCRtpTransceiver; camera: RTCRtpTransceiver } | null = null;
  private screenPlace: RTCRtpTransceiver | null = null;
  private person: MediaStream | null = null;
  private remoteScreen: MediaStream | null = null;
  private media: LocalMedia = { microphone: null, camera: null, screen: null };
  /** The last tracks that the places were told to send; a sender names its track only once it has changed over. */
  private sent: Omit<LocalMedia, "screen"> = { microphone: null, camera: null };
  private remoteStanding: Standing = { isMuted: false, hasCamera: true, wantsToSend: true };
  private standing: Standing | null = null;
  private maxBitrate: number | null = null;
  private candidates: RTCIceCandidateInit[] = [];
  private candidateTimer: ReturnType<typeof setTimeout> | null = null;
  private lostTimer: ReturnType<typeof setTimeout> | null = null;
  /** Signals are taken one after the other, in the order in which they were sent. */
  private taking: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: PeerOptions) {
    const connection = new RTCPeerConnection({ iceServers: options.iceServers });
    this.connection = connection;
    this.negotiation = negotiate({
      connection,
      isPolite: options.isPolite,
      send: (description) => this.sendDescription(description),
      beforeAnswer: () => this.takePlaces(),
    });
    connection.addEventListener("negotiationneeded", () => void this.negotiation.offer().catch(ignoreClosed));
    connection.addEventListener("icecandidate", ({ candidate }) => candidate && this.gather(candidate.toJSON()));
    connection.addEventListener("connectionstatechange", () => this.noteConnection());
    connection.addEventListener("datachannel", ({ channel }) => this.setChannel(channel));
    connection.addEventListener("track", (event) => this.addScreen(event));
    if (options.isPolite) {
      const body: GreetingBody = { call: this.call, to: null, isGreeting: true };
      options.send({ kind: "bye", body: JSON.stringify(body) });
    } else {
      const [microphone, camera] = [connection.addTransceiver("audio"), connection.addTransceiver("video")];
      this.setPlaces(microphone, camera);
      this.setChannel(connection.createDataChannel("standing"));
    }
  }

  view(): RemoteView {
    const { connectionState } = this.connection;
    return {
      userId: this.options.userId,
      person: this.person,
      screen: this.remoteScreen,
      connection: connectionState === "connected" ? "connected" : this.lostAt === null ? "connecting" : "lost",
      standing: this.remoteStanding,
    };
  }

  get isConnected(): boolean {
    return this.connection.connectionState === "connected";
  }

  setIceServers(iceServers: RTCIceServer[]): void {
    this.connection.setConfiguration({ iceServers });
  }

  setStanding(standing: Standing): void {
    this.standing = standing;
    this.tellStanding();
  }

  /** Sends exactly these tracks from now on. */
  setMedia(media: LocalMedia): void {
    this.media = media;
    for (const slot of ["microphone", "camera"] as const) {
      const sender = this.places?.[slot].sender;
      if (!sender || this.sent[slot] === media[slot]) continue;
      this.sent[slot] = media[slot];
      void sender.replaceTrack(media[slot]).catch(ignoreClosed);
    }
    // The polite side has its say once the first offer has given both their places.
    if (!this.places) return;
    if (this.screenPlace && this.screenPlace.sender.track !== media.screen) {
      this.screenPlace.stop();
      this.screenPlace = null;
    }
    if (media.screen && !this.screenPlace)
      this.screenPlace = this.connection.addTransceiver(media.screen, { direction: "sendonly" });
  }

  /** Keeps the camera's picture to so many bits per second. */
  limitPicture(maxBitrate: number): void {
    this.maxBitrate = maxBitrate;
    const sender = this.places?.camera.sender;
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings.some((encoding) => encoding.maxBitrate !== maxBitrate)) return;
    for (const encoding of parameters.encodings) encoding.maxBitrate = maxBitrate;
    void sender.setParameters(parameters).catch(ignoreClosed);
  }

  takeSignal(body: Body): void {
    this.remoteCall ??= body.call;
    this.taking = this.taking
      .then(async () => {
        if ("isGreeting" in body) this.negotiation.repeatOffer();
        else if ("description" in body) await this.negotiation.takeDescription(body.description);
        else for (const candidate of body.candidates) await this.negotiation.takeCandidate(candidate);
        this.options.onChange();
      })
      .catch(ignoreClosed);
  }

  close(): void {
    for (const timer of [this.candidateTimer, this.lostTimer]) if (timer) clearTimeout(timer);
    this.connection.close();
  }

  private setPlaces(microphone: RTCRtpTransceiver, camera: RTCRtpTransceiver): void {
    this.places = { microphone, camera };
    this.person = new MediaStream([microphone.receiver.track, camera.receiver.track]);
    this.setMedia(this.media);
    if (this.maxBitrate !== null) this.limitPicture(this.maxBitrate);
  }

  /** Takes the places that the first offer brings, which its answer then fills. */
  private takePlaces(): void {
    if (this.places) return;
    const all = this.connection.getTransceivers();
    const [microphone, camera] = ["audio", "video"].map((kind) =>
      all.find(({ receiver }) => receiver.track.kind === kind),
    );
    if (!microphone || !camera) return;
    microphone.direction = "sendrecv";
    camera.direction = "sendrecv";
    this.setPlaces(microphone, camera);
    const screen = all.find((place) => place !== microphone && place !== camera);
    if (screen) this.showScreen(screen.receiver.track);
  }

  private setChannel(channel: RTCDataChannel): void {
    this.channel = channel;
    channel.addEventListener("open", () => this.tellStanding());
    channel.addEventListener("message", ({ data }) => {
      this.remoteStanding = readStanding(data) ?? this.remoteStanding;
      this.options.onChange();
    });
    this.tellStanding();
  }

  private addScreen({ track, transceiver }: RTCTrackEvent): void {
    // The first offer's places are taken before it is answered, but after this is called.
    const isPerson = this.places
      ? transceiver === this.places.microphone || transceiver === this.places.camera
      : this.options.isPolite;
    if (!isPerson) this.showScreen(track);
  }

  private showScreen(track: MediaStreamTrack): void {
    const screen = new MediaStream([track]);
    this.remoteScreen = screen;
    track.addEventListener("ended", () => {
      if (this.remoteScreen === screen) this.remoteScreen = null;
      this.options.onChange();
    });
    this.options.onChange();
  }

  private sendDescription({ type, sdp }: RTCSessionDescription): void {
    const body: DescriptionBody = { call: this.call, to: this.remoteCall, description: { type, sdp } };
    this.options.send({ kind: type === "answer" ? "answer" : "offer", body: JSON.stringify(body) });
  }

  private gather(candidate: RTCIceCandidateInit): void {
    this.candidates.push(candidate);
    this.candidateTimer ??= setTimeout(() => {
      this.candidateTimer = null;
      const body: CandidatesBody = { call: this.call, to: this.remoteCall, candidates: this.candidates.splice(0) };
      this.options.send({ kind: "candidate", body: JSON.stringify(body) });
    }, GATHER_MS);
  }

  private noteConnection(): void {
    const { connectionState } = this.connection;
    if (this.lostTimer) clearTimeout(this.lostTimer);
    this.lostTimer = null;
    if (connectionState === "disconnected") this.lostAt = Date.now();
    // Before it is connected, a sender may not know yet what it is to be told.
    if (connectionState === "connected" && this.maxBitrate !== null) this.limitPicture(this.maxBitrate);
    if (connectionState === "failed") this.connection.restartIce();
    if (connectionState === "disconnected")
      this.lostTimer = setTimeout(() => this.connection.restartIce(), PATIENCE_MS);
    this.options.onChange();
  }

  private tellStanding(): void {
    if (this.standing && this.channel?.readyState === "open") this.channel.send(JSON.stringify(this.standing));
  }
}

/** A connection that was closed or replaced meanwhile refuses what was under way; the watch over it tries anew. */
function ignoreClosed(error: unknown): void {
  console.debug(error);
}
