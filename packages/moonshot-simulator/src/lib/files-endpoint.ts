import { invalidRequest, type ApiProblem } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { purposes, type Purpose, type StoredFile } from "./file-store.ts";
import { parseMultipart, type Part } from "./parse-multipart.ts";
import { jsonReply, problemReply, type Reply } from "./reply.ts";
import type { Simulation } from "./simulation.ts";

const maxFileBytes = 100 * 1024 * 1024;

/** POST /v1/files */
export async function uploadFile(simulation: Simulation, { message }: Exchange): Promise<Reply> {
  const parts = await parseMultipart(message.headers["content-type"] ?? "", message, maxFileBytes);
  if (parts === undefined)
    return problemReply(invalidRequest("Invalid request: the body is not a multipart form"));
  const file = parts.find((part) => part.name === "file");
  const purpose = readPurpose(parts.find((part) => part.name === "purpose"));
  if (purpose === undefined)
    // The text is older than the other purposes and has been kept.
    return problemReply(invalidRequest("Invalid purpose: only 'file-extract' accepted"));
  if (file === undefined) return problemReply(invalidRequest("Invalid request: file is required"));
  const problem = checkFile(file, simulation);
  if (problem !== undefined) return problemReply(problem);
  const stored = simulation.files.add({
    bytes: file.bytes,
    createdAtSeconds: Math.floor(simulation.clock.now() / 1000),
    filename: file.filename ?? "file",
    purpose,
  });
  return jsonReply(JSON.stringify(fileObject(stored)));
}

function readPurpose(part: Part | undefined): Purpose | undefined {
  const given = part?.bytes.toString("utf8");
  return purposes.find((purpose) => purpose === given);
}

function checkFile(file: Part, { files }: Simulation): ApiProblem | undefined {
  if (file.size === 0) return invalidRequest("File size is zero, please confirm and re-upload the file");
  if (file.size > maxFileBytes)
    return invalidRequest(
      "File size is too large, max file size is 100MB, please confirm and re-upload the file",
    );
  if (files.isFull)
    return invalidRequest(
      `The number of files you have uploaded exceeded the max file count ${files.maxFiles}, please delete previous uploaded files`,
    );
  return undefined;
}

/** GET /v1/files */
export function listFiles({ files }: Simulation): Reply {
  return jsonReply(JSON.stringify({ object: "list", data: files.list().map(fileObject) }));
}

/** GET /v1/files/{id} */
export function showFile({ files }: Simulation, _exchange: Exchange, id: string): Reply {
  const file = files.get(id);
  return file === undefined ? fileNotFound(id) : jsonReply(JSON.stringify(fileObject(file)));
}

/** DELETE /v1/files/{id} */
export function deleteFile({ files }: Simulation, _exchange: Exchange, id: string): Reply {
  return files.delete(id)
    ? jsonReply(JSON.stringify({ id, object: "file", deleted: true }))
    : fileNotFound(id);
}

/** GET /v1/files/{id}/content: the text of the file. Only text can be extracted here, no PDF and no picture. */
export function showFileContent({ files }: Simulation, _exchange: Exchange, id: string): Reply {
  const file = files.get(id);
  if (file === undefined) return fileNotFound(id);
  const text = extractText(file);
  if (text === undefined)
    return problemReply({
      status: 500,
      type: "server_error",
      message: "Failed to extract file: the simulator reads text only",
    });
  return { kind: "whole", status: 200, contentType: "text/plain; charset=utf-8", body: text };
}

function extractText({ bytes }: StoredFile): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function fileObject(file: StoredFile) {
  return {
    id: file.id,
    object: "file",
    bytes: file.bytes.length,
    created_at: file.createdAtSeconds,
    filename: file.filename,
    purpose: file.purpose,
    status: "ready",
    status_details: "",
  };
}

function fileNotFound(id: string): Reply {
  return problemReply({
    status: 404,
    type: "resource_not_found_error",
    message: `Not found the file ${id} or Permission denied`,
  });
}
