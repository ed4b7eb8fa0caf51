import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `vite` serves the console for development; the API comes from MARKTWACHT_URL.
const service = process.env.MARKTWACHT_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/v1": service, "/metrics": service } },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
