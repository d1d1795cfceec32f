export {
  validateMfjs,
  validateMfjsText,
  type MfjsLevel,
  type MfjsProblem,
} from "./lib/mfjs/validate-mfjs.ts";
export { validateToolParameters } from "./lib/mfjs/validate-tool-parameters.ts";
