/** Sends a file to an upload address and reports progress, which `fetch` cannot do for a request body. */
import { ConvexError } from "convex/values";
import { t } from "@/messages/translate";

export type Upload = { storageId: Promise<string>; abort: () => void };

/** Starts an upload. `onProgress` gets the share that is sent, 0–1. Rejects with an error of the field `file`. */
export function upload(url: string, file: File, onProgress: (part: number) => void): Upload {
  const request = new XMLHttpRequest();
  const storageId = new Promise<string>((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener("load", () => {
      const id = request.status === 200 ? (JSON.parse(request.responseText) as { storageId: string }).storageId : null;
      if (id) resolve(id);
      else reject(refused(t("tutoring.uploadRefused", { status: String(request.status) })));
    });
    request.addEventListener("error", () => reject(refused(t("tutoring.uploadBroken"))));
    request.addEventListener("abort", () => reject(refused(t("tutoring.uploadStopped"))));
    request.open("POST", url);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.send(file);
  });
  return { storageId, abort: () => request.abort() };
}

const refused = (message: string) => new ConvexError({ code: "UPLOAD", message, fields: { file: [message] } });
