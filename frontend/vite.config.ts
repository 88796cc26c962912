import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = "http://127.0.0.1:3000";

export default defineConfig({
	plugins: [react()],
	build: {
		// The first versions with light-dark(): for older ones it would be rewritten, which breaks with Mantine's own switch.
		target: ["chrome123", "edge123", "firefox120", "safari17.5"],
		sourcemap: true,
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		// What every page needs is one file.
		chunkSizeWarningLimit: 650,
	},
	server: {
		host: "127.0.0.1",
		port: 5173,
		// The api compares Origin with Host, so the proxy passes the browser's own Host on.
		proxy: { "/api": { target: api, ws: true, changeOrigin: false } },
	},
});
