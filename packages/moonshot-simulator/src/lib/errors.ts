/** One refusal, exactly as it goes over the wire. */
export interface ApiProblem {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export function invalidRequest(message: string): ApiProblem {
  return { status: 400, type: "invalid_request_error", message };
}

/** The provider's wording for a field of the wrong JSON type (seen 2025-05 for `messages.content`). */
export function wrongType(field: string, expected: string, got: string): ApiProblem {
  return invalidRequest(
    `Invalid request: the \`${field}\` field in the request (expected type ${expected}) is illegal, and ${got} is not acceptable`,
  );
}

// Texts and types from the provider's table of errors (docs/api/errors, 2026).
export const invalidAuthentication: ApiProblem = {
  status: 401,
  type: "invalid_authentication_error",
  message: "Invalid Authentication",
};

export const incorrectApiKey: ApiProblem = {
  status: 401,
  type: "incorrect_api_key_error",
  message: "Incorrect API key provided",
};

export const highRisk: ApiProblem = {
  status: 400,
  type: "content_filter",
  message: "The request was rejected because it was considered high risk",
};

export const bodyTooLarge: ApiProblem = {
  status: 413,
  type: "invalid_request_error",
  message: "Request exceeds the maximum size",
};

export function modelNotFound(model: string): ApiProblem {
  return {
    status: 404,
    type: "resource_not_found_error",
    message: `Not found the model ${model} or Permission denied`,
  };
}

export function errorBody(problem: ApiProblem): string {
  return JSON.stringify({ error: { message: problem.message, type: problem.type } });
}

/** An unknown route answers with a string where every other error has an object (probed 2026-07-27). */
export const unknownRouteBody = '{"error":"url.not_found"}';
