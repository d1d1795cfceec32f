import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, wrongType, type ApiProblem } from "../errors.ts";
import { isObject, typeName, type JsonObject } from "../json-value.ts";

/** What an uploaded file was uploaded for, or undefined when there is no such file. */
export type FilePurposeOf = (fileId: string) => string | undefined;

type Medium = "image" | "video";

const formats: Readonly<Record<Medium, readonly string[]>> = {
  image: ["jpeg", "jpg", "png", "gif", "webp", "bmp", "heic", "heif"],
  video: ["mp4", "mpeg", "mov", "quicktime", "avi", "x-flv", "mpg", "webm", "wmv", "3gpp"],
};

interface Place {
  readonly position: number;
  readonly role: string;
}

/** Parts are text, image or video; media come as base64 or as an uploaded file, never from a public URL. */
export function checkContentParts(
  request: ChatRequest,
  filePurposeOf: FilePurposeOf,
): ApiProblem | undefined {
  for (const [position, { role, content }] of request.messages.entries()) {
    if (content === undefined || typeof content === "string") continue;
    for (const part of content) {
      const problem = checkPart(part, { position, role }, request, filePurposeOf);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function checkPart(
  part: JsonObject,
  place: Place,
  request: ChatRequest,
  filePurposeOf: FilePurposeOf,
): ApiProblem | undefined {
  const type = part["type"];
  if (type === "text")
    return typeof part["text"] === "string"
      ? undefined
      : wrongType("messages.content.text", "string", typeName(part["text"] ?? null));
  if (type !== "image_url" && type !== "video_url")
    return invalidRequest(`Invalid request: invalid part type: ${typeof type === "string" ? type : ""}`);
  const medium = type === "image_url" ? "image" : "video";
  if (!(medium === "image" ? request.model.imageInput : request.model.videoInput))
    // Seen on 2026-01-29 from a model without video.
    return invalidRequest(
      `Invalid request: the message at position ${place.position} with role '${place.role}' contains an invalid part type: ${type}`,
    );
  return checkUrl(part[type], medium, filePurposeOf);
}

function checkUrl(reference: unknown, medium: Medium, filePurposeOf: FilePurposeOf): ApiProblem | undefined {
  const url = isObject(reference) ? reference["url"] : reference;
  if (typeof url !== "string")
    return wrongType(`messages.content.${medium}_url`, "object", typeName(url ?? null));
  const file = /^ms:\/\/(.+)$/.exec(url)?.[1];
  if (file !== undefined)
    return filePurposeOf(file) === medium
      ? undefined
      : invalidRequest(`Invalid request: no ${medium} file ${file} found`);
  const format = /^data:[a-z]+\/([\w.+-]+);base64,/i.exec(url)?.[1]?.toLowerCase();
  if (format === undefined)
    return invalidRequest(`Invalid request: unsupported ${medium} url: ${url.slice(0, 120)}`);
  return formats[medium].includes(format)
    ? undefined
    : invalidRequest(`Invalid request: unsupported ${medium} format: ${format}`);
}
