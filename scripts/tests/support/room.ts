/** Rooms in real Chromium: pictures and sound are measured where they arrive. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { waitFor } from "../../lib/server";
import { target } from "./api";
import { offerSession } from "./browser";

const PICTURE = { width: 160, height: 90, frames: 10, perSecond: 5 };

/**
 * A small moving picture for the browser's test camera, as a Y4M file: grey bands that wander upwards. Its own camera
 * sends 1280 × 720 twenty times a second, which four pages without a graphics card cannot encode, decode and draw.
 */
function writePicture(): string {
  const { width, height, frames, perSecond } = PICTURE;
  const file = join(mkdtempSync(join(tmpdir(), "live-sessions-camera-")), "camera.y4m");
  const colors = Buffer.alloc((width * height) / 2, 128);
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${perSecond}:1 Ip A1:1 C420\n`)];
  for (let frame = 0; frame < frames; frame++) {
    const rows = Array.from({ length: height }, (_, y) => Buffer.alloc(width, 16 + ((y + frame * 9) % height) * 2));
    parts.push(Buffer.from("FRAME\n"), ...rows, colors);
  }
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** The browser's own test devices: a picture that moves, a microphone that beeps once a second. */
export const MEDIA = [
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-video-capture=${writePicture()}`,
  "--use-fake-ui-for-media-stream",
];
export const PATIENCE_MS = 60_000;

/** Offers a session that starts in five minutes, so that its room is open; → its address. */
export async function offerNow(page: Page, title: string): Promise<string> {
  const starts = new Date(Date.now() + 5 * 60_000).toISOString().slice(0, 16);
  return target().webUrl + (await offerSession(page, { title, starts }));
}

/** Enters from the preview, in which the own picture must move. */
export async function enter(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1, name: /^Room: / }).waitFor();
  await waitFor(() => moves(page, "Your picture and sound"), PATIENCE_MS);
  await page.getByRole("button", { name: "Enter the room" }).click();
  await page.getByRole("button", { name: "Leave the room" }).waitFor();
}

/** The name that a person has in the room: the part of the address before the @. */
export async function nameIn(page: Page): Promise<string> {
  const own = await page
    .getByRole("region", { name: "Room", exact: true })
    .getByRole("listitem", { name: / \(you\)$/ })
    .getAttribute("aria-label");
  return own!.replace(/ \(you\)$/, "");
}

/** Whether a picture changes within half a second: two drawings of it are compared. */
export const moves = (page: Page, label: string): Promise<boolean> =>
  page.evaluate(async (name) => {
    const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${CSS.escape(name)}"]`);
    if (!video || video.videoWidth === 0) return false;
    const draw = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 64;
      canvas.height = 36;
      const context = canvas.getContext("2d")!;
      context.drawImage(video, 0, 0, 64, 36);
      return context.getImageData(0, 0, 64, 36).data;
    };
    const before = draw();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = draw();
    return before.reduce((sum, value, index) => sum + Math.abs(value - after[index]!), 0) > 1_000;
  }, label);

/** From here on somebody is heard: the microphone's beep is ten times as loud, a muted one is silent. */
const AUDIBLE = 0.02;

/** Whether somebody is heard within two seconds. */
export const sounds = (page: Page, label: string): Promise<boolean> =>
  page.evaluate(
    async ({ name, audible }) => {
      const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${CSS.escape(name)}"]`);
      const stream = video?.srcObject as MediaStream | null;
      if (!stream?.getAudioTracks().length) return false;
      const context = new AudioContext();
      await context.resume();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(stream).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let loudest = 0;
      for (const end = Date.now() + 2_000; loudest <= audible && Date.now() < end;) {
        analyser.getFloatTimeDomainData(samples);
        loudest = Math.max(loudest, ...samples);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await context.close();
      return loudest > audible;
    },
    { name: label, audible: AUDIBLE },
  );

export async function expectSeenAndHeard(page: Page, name: string): Promise<void> {
  await waitFor(() => moves(page, name), PATIENCE_MS);
  await waitFor(() => sounds(page, name), PATIENCE_MS);
}

/**
 * Lets a test look at the connections of a page, and with `onlyRelayed` forbids them any way but through a TURN server.
 * To be called before the page is opened.
 */
export const watchConnections = (page: Page, onlyRelayed = false) =>
  page.addInitScript((relayed) => {
    const policy: RTCConfiguration = relayed ? { iceTransportPolicy: "relay" } : {};
    const made: RTCPeerConnection[] = [];
    Object.assign(window, { connectionsOfTest: made });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super({ ...configuration, ...policy });
        made.push(this);
      }
      override setConfiguration(configuration?: RTCConfiguration): void {
        super.setConfiguration({ ...configuration, ...policy });
      }
    };
  }, onlyRelayed);

/** Tells what a page's open connections send and get, for the log of a test that failed. */
export const describeConnections = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const { connectionsOfTest = [] } = window as unknown as { connectionsOfTest?: RTCPeerConnection[] };
    const lines: string[] = [];
    for (const connection of connectionsOfTest.filter(({ signalingState }) => signalingState !== "closed")) {
      lines.push(`${connection.connectionState}, ${connection.signalingState}`);
      for (const { mid, direction, currentDirection, sender, receiver } of connection.getTransceivers()) {
        const sent = sender.track && `${sender.track.readyState}${sender.track.muted ? " muted" : ""}`;
        const got = `${receiver.track.readyState}${receiver.track.muted ? " muted" : ""}`;
        lines.push(`  ${mid} ${receiver.track.kind} ${direction}/${currentDirection}, sends ${sent}, gets ${got}`);
      }
      const stats = (await connection.getStats()) as unknown as Map<string, Record<string, unknown>>;
      for (const one of stats.values()) {
        const { type, kind, dtlsState, packetsSent, packetsReceived, bytesSent, bytesReceived } = one;
        if (["outbound-rtp", "inbound-rtp", "transport"].includes(String(type)))
          lines.push(
            `  ${JSON.stringify({ type, kind, dtlsState, packetsSent, packetsReceived, bytesSent, bytesReceived })}`,
          );
      }
    }
    return lines.join("\n") || "no connections";
  });

/** The most bits per second that each of the page's present connections may send of the camera's picture. */
export const pictureLimitsOf = (page: Page): Promise<(number | undefined)[]> =>
  page.evaluate(() => {
    const { connectionsOfTest } = window as unknown as { connectionsOfTest: RTCPeerConnection[] };
    return connectionsOfTest
      .filter(({ connectionState }) => connectionState === "connected")
      .map((connection) => {
        const sender = connection.getSenders().find(({ track }) => track?.kind === "video");
        return sender?.getParameters().encodings[0]?.maxBitrate;
      });
  });

/** The kinds of candidates, of both ends, that the page's present connections run over. */
export const waysOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { connectionsOfTest } = window as unknown as { connectionsOfTest: RTCPeerConnection[] };
    const ways: string[] = [];
    for (const connection of connectionsOfTest.filter(({ connectionState }) => connectionState === "connected")) {
      const stats = [...((await connection.getStats()) as unknown as Map<string, Record<string, unknown>>).values()];
      const byId = new Map(stats.map((one) => [one.id, one]));
      const transport = stats.find(({ type }) => type === "transport");
      const pair = byId.get(transport?.selectedCandidatePairId);
      for (const end of [pair?.localCandidateId, pair?.remoteCandidateId])
        ways.push(String(byId.get(end)?.candidateType));
    }
    return ways;
  });
