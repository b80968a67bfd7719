import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const front = [
  "src/routes/__root.tsx",
  "src/routes/sign-in.tsx",
  "src/shell/front.tsx",
  "src/shell/locale-switch.tsx",
  "src/ui/button.tsx",
  "src/ui/field.tsx",
  "src/ui/secret-field.tsx",
  "src/ui/states.tsx",
];
const first = [
  "src/routes/_lab/index.tsx",
  "src/shell",
  "src/session",
  "src/ui",
  "src/features/home",
  "src/features/samples/status.tsx",
  "src/features/samples/whose.tsx",
  "src/features/samples/progress.tsx",
];

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "pl"],
  catalogs: [
    { path: "src/locales/{locale}", include: ["src"] },
    // What the screens before sign-in say, and what the first page says: neither waits for everything else.
    { path: "src/locales/front/{locale}", include: front },
    { path: "src/locales/first/{locale}", include: [...front, ...first] },
  ],
  format: formatter({ lineNumbers: false, origins: false }),
  orderBy: "message",
});
