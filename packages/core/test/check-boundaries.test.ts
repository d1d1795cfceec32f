import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/check-boundaries.mjs", import.meta.url));

function check(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "boundaries-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: "utf8" });
    expect(stderr).toBe("");
    return { status, lines: stdout.trim().split("\n").filter(Boolean) };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const time = "time and chance come from clock.ts";
const out = "only core's transport goes out";
const sockets = "only servers and core's transport know sockets";
const container = "only the composition root knows the container";
const names = "core names no provider";

describe("the boundaries", () => {
  it("are told by file and line", () => {
    const { status, lines } = check({
      "packages/core/src/lib/a.ts": "const a = 1;\nconst now = Date.now();\n",
      "packages/core/src/lib/b.ts": "/*\n * setTimeout\n */\nsetInterval(x, Math.random());\n",
      "packages/core/src/lib/c.ts":
        'import { setTimeout as sleep } from "node:timers/promises";\nperformance.now();\n',
      "packages/core/src/lib/d.ts": 'const id = "Kimi-k3";\n',
      "packages/provider-x/src/index.ts":
        'import { request } from "undici";\nawait fetch(url);\nglobalThis.fetch(url);\n',
      "apps/gateway/src/request/a.ts":
        'import { connect } from "node:net";\nimport https from "node:https";\n',
      "apps/gateway/src/request/b.ts": 'import { container } from "tsyringe";\nimport "reflect-metadata";\n',
    });
    expect(lines).toEqual([
      `apps/gateway/src/request/a.ts:1 ${sockets}`,
      `apps/gateway/src/request/a.ts:2 ${out}`,
      `apps/gateway/src/request/b.ts:1 ${container}`,
      `apps/gateway/src/request/b.ts:2 ${container}`,
      `packages/core/src/lib/a.ts:2 ${time}`,
      `packages/core/src/lib/b.ts:4 ${time}`,
      `packages/core/src/lib/c.ts:1 ${time}`,
      `packages/core/src/lib/c.ts:2 ${time}`,
      `packages/core/src/lib/d.ts:1 ${names}`,
      `packages/provider-x/src/index.ts:1 ${out}`,
      `packages/provider-x/src/index.ts:2 ${out}`,
      `packages/provider-x/src/index.ts:3 ${out}`,
    ]);
    expect(status).toBe(1);
  });

  it("leave alone what lies within them", () => {
    const { status, lines } = check({
      "packages/core/src/lib/clock.ts": "Date.now(); performance.now(); setTimeout(x, 1); Math.random();\n",
      "packages/core/src/lib/transport/undici-transport.ts":
        'import { Pool } from "undici";\nimport net from "node:net";\n',
      "packages/core/src/lib/a.ts":
        '/** Moonshot answers 504. */\nconst x = 1; // kimi, fetch(\nconst url = "https://a"; prefetch(x);\n',
      "packages/core/src/lib/a.test.ts": 'import "undici"; Date.now(); "moonshot";\n',
      "packages/moonshot-simulator/src/main.ts": 'import { createServer } from "node:http";\nDate.now();\n',
      "packages/provider-moonshot/src/index.ts": 'export const id = "moonshot";\n',
      "apps/gateway/src/server/a.ts": 'import { createServer } from "node:http";\n',
      "apps/gateway/src/cli/serve.ts": 'import { isIPv4 } from "node:net";\n',
      "apps/gateway/src/composition-root.ts": 'import { container } from "tsyringe";\n',
      "apps/gateway/src/tokens.ts": 'import type { InjectionToken } from "tsyringe";\n',
    });
    expect(lines).toEqual([]);
    expect(status).toBe(0);
  });

  it("are not kept by a tree without sources", () => {
    expect(check({ "README.md": "" }).status).toBe(1);
  });
});
