/** Text a provider sent, without the key in case it repeated it. */
export function redactSecret(text: string, secret: string | undefined): string {
  return secret === undefined || secret.length < 4 ? text : text.replaceAll(secret, "[redacted]");
}
