import { isIPv4 } from "node:net";

/**
 * Whether a `host` header holds a name that anybody could own on the internet. A web page can let such a name
 * of its own lead to 127.0.0.1 and then call what listens there as if it were its own server (DNS rebinding).
 */
export function isPublicName(host: string): boolean {
  const name = host.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase();
  if (name.startsWith("[") || isIPv4(name) || !name.includes(".")) return false;
  // Reserved names; the second is how containers call their own machine (host.docker.internal).
  return !name.endsWith(".localhost") && !name.endsWith(".internal");
}
