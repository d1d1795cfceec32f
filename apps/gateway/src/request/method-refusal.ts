import { RequestRefusal } from "../server/request-refusal.ts";

/** A path that exists, asked with a method it does not have. */
export class MethodRefusal extends RequestRefusal {
  /** The methods it has, as the `allow` header wants them. */
  readonly allow: string;

  constructor(path: string, allowed: readonly string[]) {
    const allow = allowed.join(", ");
    super(405, "method_not_allowed", `${path} answers ${allow} only.`);
    this.allow = allow;
  }
}
