/** The result of a session as a picture, for sharing. Drawn here: no other machine learns of it. */
import { formatDuration } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { EndedSession } from "../types";
import { DIMENSION_LOOK, ranked } from "../dimensions";
import { formatXp } from "../format";

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 72;
const FONT = '"Inter Variable", ui-sans-serif, system-ui, sans-serif';
const INK = "#f4f4f5";
const QUIET = "#a5a5b0";

/** @param about the lines below the activity, such as its goal */
export async function drawSummary(session: EndedSession, about: string[]): Promise<Blob> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  await document.fonts.ready;
  context.fillStyle = "#18181b";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = "#6063f0";
  context.fillRect(0, 0, WIDTH, 10);
  const write = (text: string, y: number, font: string, color: string) => {
    context.font = `${font} ${FONT}`;
    context.fillStyle = color;
    context.fillText(text, MARGIN, y, WIDTH - 2 * MARGIN);
  };
  write(session.activity.name, 130, "600 56px", INK);
  write(about.join(" · "), 182, "400 30px", QUIET);
  write(t("focus.xp", { amount: formatXp(session.xpTotal) }), 330, "600 120px", INK);
  write(t("focus.focusedFor", { duration: formatDuration(session.focusedDurationSeconds) }), 390, "400 34px", QUIET);
  drawBar(context, session);
  write(t("common.appName"), HEIGHT - 48, "600 26px", QUIET);
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}

/** The dimensions' shares side by side, with their names below. */
function drawBar(context: CanvasRenderingContext2D, session: EndedSession): void {
  const whole = WIDTH - 2 * MARGIN;
  let x = MARGIN;
  context.save();
  context.beginPath();
  context.roundRect(MARGIN, 436, whole, 28, 14);
  context.clip();
  for (const dimension of ranked(session.xp)) {
    const width = (session.xp[dimension] / session.xpTotal) * whole;
    context.fillStyle = colorOf(dimension);
    context.fillRect(x, 436, width, 28);
    x += width;
  }
  context.restore();
  context.font = `400 26px ${FONT}`;
  x = MARGIN;
  for (const dimension of ranked(session.xp)) {
    const text = `${DIMENSION_LOOK[dimension].label} ${formatXp(session.xp[dimension])}`;
    context.fillStyle = colorOf(dimension);
    context.fillRect(x, 492, 18, 18);
    context.fillStyle = INK;
    context.fillText(text, x + 28, 510);
    x += context.measureText(text).width + 64;
  }
}

const colorOf = (dimension: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--color-${dimension}`);
