/** The curl commands of the two documentation pages, to the letter. */

const url = "https://api.portkey.ai/v1/chat/completions";

export const portkeyProviderCurl = `curl ${url} \\
-H "Content-Type: application/json" \\
-H "x-portkey-api-key: $PORTKEY_API_KEY" \\
-H "x-portkey-provider: moonshot" \\
-H "Authorization: Bearer $PROVIDER_API_KEY" \\
-d '{
  "model": "moonshot-v1-16k",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Tell me a joke about AI."}
  ]
}'`;

/** The page has a slip of the pen in it: the quotation mark before the second `content` is missing. */
export const portkeyVirtualKeyCurl = `curl ${url} \\
-H "Content-Type: application/json" \\
-H "x-portkey-api-key: $PORTKEY_API_KEY" \\
-H "x-portkey-virtual-key: $VIRTUAL_KEY" \\
-d '{
  "model": "moonshot-v1-16k",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", content": "Tell me a joke about AI."}
  ]
}'`;

export const liteLlmCurl = `curl http://localhost:4000/v1/chat/completions \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer your-proxy-api-key" \\
  -d '{
    "model": "moonshot-v1-8k",
    "messages": [{"role": "user", "content": "hello from litellm"}]
  }'`;

export const liteLlmStreamingCurl = `curl http://localhost:4000/v1/chat/completions \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer your-proxy-api-key" \\
  -d '{
    "model": "moonshot-v1-8k",
    "messages": [{"role": "user", "content": "hello from litellm"}],
    "stream": true
  }'`;

/** With another gateway and another key in it, and nothing else. */
export function aimedAt(origin: string, command: string, proxyKey: string): string {
  return command
    .replace("https://api.portkey.ai", origin)
    .replace("http://localhost:4000", origin)
    .replace("your-proxy-api-key", proxyKey);
}
