import type { ResponseFormat, Tool, ToolChoice } from "./chat-request.ts";
import { invalidRequest, wrongType } from "./errors.ts";
import { isObject, typeName, type JsonObject } from "./json-value.ts";
import { readEach, type Reading } from "./reading.ts";

export function readTools(tools: unknown, field = "tools"): Reading<readonly Tool[]> {
  if (tools === undefined || tools === null) return { value: [] };
  if (!Array.isArray(tools)) return { problem: wrongType(field, "[]object", typeName(tools)) };
  return readEach(tools, (tool) => readTool(tool, field));
}

function readTool(tool: unknown, field: string): Reading<Tool> {
  if (!isObject(tool)) return { problem: wrongType(field, "[]object", typeName(tool)) };
  const type = tool["type"];
  if (type !== "function" && type !== "builtin_function") return { problem: unknownToolType(type) };
  const definition = tool["function"];
  if (!isObject(definition))
    return { problem: wrongType(`${field}.function`, "object", typeName(definition ?? null)) };
  const { name, description, parameters } = definition;
  if (parameters !== undefined && parameters !== null && !isObject(parameters))
    return { problem: wrongType(`${field}.function.parameters`, "object", typeName(parameters)) };
  return {
    value: {
      type,
      name: typeof name === "string" ? name : "",
      description: typeof description === "string" ? description : "",
      parameters: parameters ?? undefined,
      strict: definition["strict"] !== false,
    },
  };
}

// The live text (2026-06-20); it names a `plugin` type that the API then refuses as well.
function unknownToolType(type: unknown) {
  const shown = typeof type === "string" ? type : "";
  return invalidRequest(
    `Invalid request: unknown tool type: ${shown}, currently only function and plugin are supported`,
  );
}

export function readToolChoice(choice: unknown): Reading<ToolChoice> {
  if (choice === undefined || choice === null) return { value: { kind: "auto" } };
  if (choice === "auto" || choice === "none" || choice === "required") return { value: { kind: choice } };
  const named = isObject(choice) && choice["type"] === "function" ? choice["function"] : undefined;
  const name = isObject(named) ? named["name"] : undefined;
  if (typeof name === "string") return { value: { kind: "named", name } };
  return { problem: invalidRequest("Invalid request: invalid tool_choice") };
}

export function readResponseFormat(format: unknown): Reading<ResponseFormat> {
  if (!isObject(format)) return { value: { type: "text" } };
  if (format["type"] === "text" || format["type"] === "json_object")
    return { value: { type: format["type"] } };
  if (format["type"] === "json_schema") return readJsonSchema(format["json_schema"]);
  return {
    problem: invalidRequest(`Invalid request: invalid response_format type: ${String(format["type"])}`),
  };
}

function readJsonSchema(definition: unknown): Reading<ResponseFormat> {
  const given: JsonObject = isObject(definition) ? definition : {};
  const schema = given["schema"];
  if (typeof given["name"] !== "string" || !isObject(schema))
    return {
      problem: invalidRequest("Invalid request: response_format.json_schema needs a name and a schema"),
    };
  return { value: { type: "json_schema", schema, strict: given["strict"] !== false } };
}
