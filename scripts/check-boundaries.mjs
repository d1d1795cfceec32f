/*
 * What no package manager checks: which file may open connections, read clocks, hold the container, or name a
 * provider. Prints each violation as `file:line rule` and exits 1 when there is one.
 *
 * node scripts/check-boundaries.mjs [root]
 */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));

/** Each rule: where it holds, where it does not, and what it forbids there. */
const rules = [
  {
    name: "time and chance come from clock.ts",
    holds: /^packages\/core\/src\//,
    exempt: /^packages\/core\/src\/lib\/clock\.ts$/,
    forbids:
      /\bDate\.now\b|\bnew Date\(\)|\bsetTimeout\b|\bsetInterval\b|\bMath\.random\b|\bperformance\.now\b|["']node:timers(?:\/promises)?["']/,
  },
  {
    name: "only core's transport goes out",
    holds: /^(?:packages|apps)\/[^/]+\/src\//,
    exempt: /^packages\/core\/src\/lib\/transport\//,
    forbids:
      /["'](?:undici|node:https|node:http2|node:tls|node:dgram)["']|(?<![\w$#])fetch\(|\bnew WebSocket\(/,
  },
  {
    name: "only servers and core's transport know sockets",
    holds: /^(?:packages|apps)\/[^/]+\/src\//,
    exempt:
      /^packages\/core\/src\/lib\/transport\/|^packages\/(?:moonshot-simulator|provider-testkit)\/src\/|^apps\/gateway\/src\/server\//,
    // Telling an address from a name opens nothing.
    forbids: /^(?!import \{ (?:isIP(?:v4|v6)?(?:, )?)+ \} from "node:net").*["']node:(?:http|net)["']/,
  },
  {
    name: "only the composition root knows the container",
    holds: /^(?:packages|apps)\/[^/]+\/src\//,
    exempt: /^apps\/gateway\/src\/(?:composition-root|tokens)\.ts$/,
    forbids: /["'](?:tsyringe|reflect-metadata)(?:\/[^"']*)?["']/,
  },
  {
    name: "core names no provider",
    holds: /^packages\/core\/src\//,
    exempt: /^$/,
    forbids: /moonshot|kimi/i,
  },
];

const files = globSync("{packages,apps}/*/src/**/*.ts", { cwd: root })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => !file.endsWith(".test.ts") && !file.includes("node_modules/"))
  .sort();

const violations = files.flatMap((file) => {
  const applied = rules.filter(({ holds, exempt }) => holds.test(file) && !exempt.test(file));
  const lines = withoutComments(readFileSync(`${root}/${file}`, "utf8")).split("\n");
  return lines.flatMap((line, index) =>
    applied.filter(({ forbids }) => forbids.test(line)).map(({ name }) => `${file}:${index + 1} ${name}`),
  );
});

for (const violation of violations) console.log(violation);
if (files.length === 0) console.log(`no sources under ${root}`);
process.exitCode = violations.length > 0 || files.length === 0 ? 1 : 0;

/** The code with every comment blanked and every line where it was; strings are stepped over, so "//" in one stays. */
function withoutComments(code) {
  const token =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<!\\)\/\/[^\n]*/g;
  return code.replaceAll(token, (text) => (/^\/[/*]/.test(text) ? text.replaceAll(/[^\n]/g, "") : text));
}
