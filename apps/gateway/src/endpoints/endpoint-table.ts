import type { Endpoint } from "./endpoint.ts";

export interface EndpointMatch {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
}

type EndpointSearch =
  | { readonly kind: "match"; readonly match: EndpointMatch }
  | { readonly kind: "wrong_method"; readonly allowed: readonly string[] }
  | { readonly kind: "unknown" };

export interface EndpointTable {
  readonly endpoints: readonly Endpoint[];
  find(method: string, path: string): EndpointSearch;
}

/** Every endpoint with and without `/v1` and a slash at the end. The object found is the one whose access rule is then applied. */
export function createEndpointTable(endpoints: readonly Endpoint[]): EndpointTable {
  const compiled = endpoints.map((endpoint) => ({ endpoint, pattern: compile(endpoint.path) }));
  return {
    endpoints,
    find: (method, asked) => {
      const path = asked.replace(/(?<=.)\/$/, "");
      const matches = compiled.flatMap(({ endpoint, pattern }) => {
        const found = pattern.exec(path);
        if (found === null) return [];
        const parameters = decodeParameters(found.groups ?? {});
        return isOneSegmentEach(endpoint, parameters) ? [{ endpoint, parameters }] : [];
      });
      const match = matches.find(({ endpoint }) => endpoint.method === (method === "HEAD" ? "GET" : method));
      if (match !== undefined) return { kind: "match", match };
      const allowed = [...new Set(matches.flatMap(({ endpoint }) => methodsOf(endpoint)))];
      return allowed.length === 0 ? { kind: "unknown" } : { kind: "wrong_method", allowed };
    },
  };
}

/** RFC 9110 asks every server for HEAD beside GET; Node leaves out its body. */
function methodsOf({ method }: Endpoint): readonly string[] {
  return method === "GET" ? ["GET", "HEAD"] : [method];
}

function compile(path: string): RegExp {
  const source = path.replace(
    /\{(\w+)(\+?)\}/g,
    (_, name: string, many: string) => `(?<${name}>${many ? ".+" : "[^/]+"})`,
  );
  return new RegExp(`^(?:/v1)?${source}$`);
}

/** The OpenAI SDKs encode the slash of a model's name; in an id a slash or dots would lead to another endpoint. */
function isOneSegmentEach({ path }: Endpoint, parameters: Readonly<Record<string, string>>): boolean {
  return Object.entries(parameters).every(
    ([name, text]) => path.includes(`{${name}+}`) || !/[/\\]|^\.{1,2}$/.test(text),
  );
}

/** The path was validated as a whole; a stray percent sign leaves the text as it is. */
function decodeParameters(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decode(text)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
