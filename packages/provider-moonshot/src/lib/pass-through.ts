import type { PassThroughOperation } from "@perilune/core/provider";

/** Endpoints of the platform beside chat (API reference, 2026-08-17). */
export const moonshotPassThrough: readonly PassThroughOperation[] = [
  {
    name: "estimate_token_count",
    method: "POST",
    path: "/tokenizers/estimate-token-count",
    target: "model_in_body",
  },
  { name: "balance", method: "GET", path: "/users/me/balance", target: "provider" },
  { name: "upload_file", method: "POST", path: "/files", target: "provider" },
  { name: "list_files", method: "GET", path: "/files", target: "provider" },
  { name: "get_file", method: "GET", path: "/files/{id}", target: "provider" },
  { name: "get_file_content", method: "GET", path: "/files/{id}/content", target: "provider" },
  { name: "delete_file", method: "DELETE", path: "/files/{id}", target: "provider" },
];
