/*
 * The public surface of every published package: each `exports` entry is one file in src, the built files are
 * there, and publint has nothing to say about the package as it would be published.
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const problems = [];

for (const file of globSync("packages/*/package.json")) {
  const directory = path.dirname(file);
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  checkEntries(directory, manifest);
  await checkPacked(directory, manifest);
}

if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}
console.log("exports: every entry is one source file, publint is content");

function checkEntries(directory, manifest) {
  const entries = Object.values(manifest.exports).map((entry) => entry["@perilune/source"]);
  const sources = globSync("src/*.ts", { cwd: directory }).filter((name) => !name.endsWith(".test.ts"));
  const bins = Object.values(manifest.bin ?? {}).map((bin) =>
    bin.replace("./dist/", "./src/").replace(/\.js$/, ".ts"),
  );
  for (const source of sources) {
    if (![...entries, ...bins].includes(`./${source}`))
      problems.push(`${directory}/${source}: public by its place, not in exports`);
  }
  const published = Object.keys(manifest.publishConfig.exports).join();
  if (published !== Object.keys(manifest.exports).join())
    problems.push(`${directory}: exports and publishConfig.exports differ`);
}

async function checkPacked(directory, manifest) {
  const out = mkdtempSync(path.join(tmpdir(), "perilune-pack-"));
  try {
    execFileSync("pnpm", ["pack", "--pack-destination", out], { cwd: directory, stdio: "pipe" });
    const tarball = readFileSync(globSync("*.tgz", { cwd: out }).map((name) => path.join(out, name))[0]);
    const { messages, pkg } = await publint({
      pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
    });
    for (const message of messages)
      problems.push(`${manifest.name}: ${formatMessage(message, pkg, { color: false })}`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
