import { globSync } from "node:fs";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

// Tests run from source: the private export condition makes every workspace package resolve to its src folder.
const conditions = ["@perilune/source", ...defaultServerConditions];

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 20_000,
    projects: globSync("{packages,apps}/*").map((root) => ({
      extends: true,
      test: { name: root, root, include: ["src/**/*.test.ts", "test/**/*.test.ts"] },
    })),
  },
});
