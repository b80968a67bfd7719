import { fileURLToPath } from "node:url";
import babel from "@rolldown/plugin-babel";
import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      // A page's loader comes with the page: the queries are no part of what is loaded before sign-in.
      codeSplittingOptions: {
        defaultBehavior: [["loader", "component", "pendingComponent", "errorComponent", "notFoundComponent"]],
      },
      quoteStyle: "double",
      semicolons: true,
    }),
    react(),
    lingui(),
    babel({ presets: [linguiTransformerBabelPreset()] }),
    tailwindcss(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // The server's Content-Security-Policy has no data: sources, so nothing may be inlined as a data URI.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: {
      output: {
        // What every page needs apart from what only lists need: otherwise the first page pays for both.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(?:react|react-dom|scheduler|@lingui|@tanstack\/(?:react-router|router-core|history|store|react-store))\//,
              priority: 30,
            },
            {
              name: "start",
              test: /src\/(?:api\/(?:client|problems|idempotency)|shell\/mark|session\/(?:who|draft|next|preferences|clock)|ui\/(?:button|cx|field|form|none|page|part|secret-field|states|tooltip)|i18n)\.|node_modules\/(?:valibot|lucide-react\/dist\/esm\/(?:[A-Za-z]+\.|context|shared|defaultAttributes))/,
              priority: 25,
            },
            // The frame around every page behind sign-in, with the icons of its navigation: one file instead of fifty.
            {
              name: "shell",
              test: /src\/(?:shell\/(?:all-pages|navigation|scanner|shell|shortcuts|side-bar|user-menu)|session\/(?:idle|lock|offline|session|step-up|tabs|time))\./,
              priority: 15,
            },
            { name: "query", test: /node_modules\/@tanstack\/(?:react-query|query-core)\//, priority: 20 },
            // Icons that several pages show, as one file instead of fifty; those of the first page by themselves.
            {
              name: "marks",
              test: /lucide-react\/dist\/esm\/icons\/(?:archive|badge-check|ban|circle-check-big|circle-dashed|circle-dot|circle-x|clipboard-pen-line|clock|clock-exclamation-point|rotate-ccw|send|square-pen|zap)\./,
              priority: 8,
            },
            { name: "icons", test: /lucide-react\/dist\/esm\/icons\//, minShareCount: 2, priority: 5 },
            { name: "virtual", test: /node_modules\/@tanstack\/(?:react-virtual|virtual-core)\//, priority: 10 },
          ],
        },
      },
    },
  },
});
