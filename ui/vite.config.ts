import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The control listener that `npm run dev` talks to when the UI runs in a browser. */
const control = process.env.HOOKLOOM_CONTROL ?? "http://127.0.0.1:4748";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Tauri's configuration names this port and host: neither may move by itself.
  server: {
    host: "127.0.0.1",
    port: 1420,
    strictPort: true,
    proxy: { "/api": { target: control, changeOrigin: true, headers: { origin: control } } },
  },
  // WKWebView and WebKitGTK are the oldest engines that show this UI.
  // Nothing is inlined: the content security policy allows no data: fonts or scripts.
  build: { target: "safari16", assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
  // A property of many cases takes a second alone and several beside a build: the limit ends what hangs, and measures nothing.
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 30_000 },
});
