import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: process.env.HOOKLOOM_OPENAPI ?? "../src-tauri/api/openapi.json",
  output: { path: process.env.HOOKLOOM_CLIENT_OUT ?? "src/api/generated" },
  plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
});
