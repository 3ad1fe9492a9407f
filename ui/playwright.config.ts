/** End-to-end tests: the workbench in the system's Chromium, against a real `hookloom serve`. */
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromium = process.env.CHROMIUM_PATH ?? CANDIDATES.find((path) => existsSync(path));
if (!chromium) {
  throw new Error(
    "Chromium is missing: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.",
  );
}

export default defineConfig({
  // The pictures of the documentation, and the figures of its measurements, are taken with the same means, on demand.
  testDir: process.env.HOOKLOOM_SHOTS ? "shots" : process.env.HOOKLOOM_MEASURE ? "measure" : "e2e",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.HOOKLOOM_MEASURE ? [["list"], ["./measure/support/table.ts"]] : [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
