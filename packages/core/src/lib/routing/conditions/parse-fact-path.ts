import { nearestNames } from "../nearest-names.ts";
import { parseParameterPath } from "../parse-parameter-path.ts";

const roots = ["metadata", "params", "headers", "url"];

/** `headers.X-Tier` → `["headers", "x-tier"]`: what a condition or a sticky key may look at, or why it may not. */
export function parseFactPath(
  text: string,
): { readonly path: readonly string[] } | { readonly message: string; readonly suggestion?: string } {
  const [root = ""] = text.split(/[.[]/u, 1);
  if (!roots.includes(root)) {
    const near = nearestNames(root, roots)[0];
    const message = `${JSON.stringify(text)} is not metadata.*, params.*, headers.* or url.pathname`;
    return near === undefined ? { message } : { message, suggestion: near + text.slice(root.length) };
  }
  // The names of headers hold dots and brackets as any other character.
  if (root === "headers" && text.length > "headers.".length) {
    return { path: ["headers", text.slice("headers.".length).toLowerCase()] };
  }
  const steps = parseParameterPath(text);
  if (steps === undefined || steps.length < 2) {
    return { message: `${JSON.stringify(text)} does not say which of ${root} is meant` };
  }
  if (steps.some((step) => typeof step === "object")) {
    return { message: `${JSON.stringify(text)} means many values at once; a condition looks at one` };
  }
  if (root === "url" && text !== "url.pathname") {
    return { message: "of the URL only the path can be seen", suggestion: "url.pathname" };
  }
  return { path: steps.map(String) };
}
