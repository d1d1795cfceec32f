/*
 * Runs the documented Python clients (PyPI: openai, portkey-ai, litellm) against a gateway with a simulated
 * Moonshot behind it. Where Python or its registry is missing it says so, and does not pretend to have passed.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const tests = path.join(root, "apps", "gateway", "test", "python");
const venv = path.join(tests, ".venv");
const python = path.join(venv, "bin", "python");

function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: "inherit", cwd: root, ...options });
}

function skip(reason) {
  console.log(`SKIPPED: the Python client tests did not run: ${reason}.`);
  process.exit(0);
}

if (run("python3", ["--version"]).status !== 0) skip("there is no python3 on this machine");
if (!existsSync(python) && run("python3", ["-m", "venv", venv]).status !== 0) skip("python3 -m venv failed");

const installed = run(python, [
  "-m",
  "pip",
  "install",
  "-q",
  "--disable-pip-version-check",
  "-r",
  path.join(tests, "requirements.txt"),
]);
if (installed.status !== 0) skip("its packages could not be installed; is the package registry reachable?");

const result = run(python, ["-m", "pytest", "-q", tests], {
  env: { ...process.env, PERILUNE_NODE: process.execPath },
});
process.exit(result.status ?? 1);
