// Who looks at which page: the list that the stories of accessibility and the pictures go through.
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { as, report, sample, serviceAccount, webhook } from "./lab.mjs";
import { assert, barriers, eventually, excess, output, see, settled, story } from "./story.mjs";

const images = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
mkdirSync(`${output}pages`, { recursive: true });

const first = async (kind, role, path) => (await as(kind, role, "GET", path)).items[0].id;

/** An entry with differences to show. */
async function richEntry() {
  const { items } = await as("water", "auditor", "GET", "/audit/events?limit=200");
  // Not one of the newest, which may still wait for their checkpoint.
  const { index } = items.slice(100).find((each) => each.changes.length > 1);
  // On a busy machine even those: the page is looked at when there is a proof to show.
  await eventually(() => as("water", "auditor", "GET", `/audit/events/${index}/proof`));
  return index;
}

/** Who looks at what. `route` is the file route it stands for; `at` finds the address. */
export const pages = [
  { name: "sign-in", route: "/sign-in" },
  { name: "bootstrap", route: "/bootstrap", at: () => "/bootstrap#token=none" },
  { name: "forgotten-password", route: "/password" },
  { name: "switch", route: "/switch" },
  { name: "home", route: "/", role: "manager" },
  { name: "home-of-a-medical-laboratory", route: "/", kind: "medical", role: "manager", image: "home" },
  { name: "home-of-the-analyst", route: "/", role: "analyst" },
  { name: "home-of-the-administrator", route: "/", role: "administrator" },
  { name: "samples", route: "/samples", role: "manager" },
  {
    name: "sample",
    route: "/samples/$id",
    role: "manager",
    at: async () => `/samples/${await first("water", "manager", "/samples?sort=created_at&limit=1")}`,
  },
  {
    name: "sample-to-receive",
    route: "/samples/$id",
    role: "analyst",
    at: async () => `/samples/${(await sample({ receive: false })).id}`,
  },
  { name: "orders", route: "/orders", role: "manager" },
  {
    name: "order",
    route: "/orders/$id",
    role: "manager",
    at: async () => `/orders/${await first("water", "manager", "/orders?status=open&limit=1")}`,
  },
  { name: "register", route: "/samples/register", role: "analyst" },
  { name: "register-many", route: "/samples/register", role: "analyst", at: () => "/samples/register?many=true" },
  { name: "receive", route: "/samples/receive", role: "analyst" },
  { name: "results", route: "/results", role: "analyst", prepare: fillDesk },
  {
    name: "results-at-work",
    route: "/results",
    role: "analyst",
    at: () => "/results?show=both",
    image: "results",
    prepare: fillDesk,
  },
  { name: "results-as-a-list", route: "/results", role: "analyst", at: () => "/results?layout=list&show=both" },
  { name: "verification", route: "/verification", role: "authorizer" },
  { name: "critical-values", route: "/results/critical", kind: "medical", role: "technician" },
  { name: "patients", route: "/patients", kind: "medical", role: "doctor" },
  { name: "new-patient", route: "/patients/new", kind: "medical", role: "receptionist" },
  {
    name: "patient",
    route: "/patients/$id",
    kind: "medical",
    role: "doctor",
    at: async () => `/patients/${await first("medical", "doctor", "/patients?limit=1")}`,
  },
  { name: "medical-home", route: "/", kind: "medical", role: "doctor" },
  { name: "medical-samples", route: "/samples", kind: "medical", role: "technician" },
  { name: "medical-register", route: "/samples/register", kind: "medical", role: "receptionist" },
  { name: "medical-verification", route: "/verification", kind: "medical", role: "doctor" },
  { name: "medical-results", route: "/results", kind: "medical", role: "technician" },
  { name: "reports", route: "/reports", role: "authorizer" },
  { name: "new-report", route: "/reports/new", role: "authorizer" },
  { name: "draft", route: "/reports/$id", role: "authorizer", at: async () => `/reports/${(await report()).id}` },
  {
    name: "released-report",
    route: "/reports/$id",
    role: "authorizer",
    at: async () => `/reports/${await first("water", "authorizer", "/reports?status=released&limit=1")}`,
  },
  { name: "audit", route: "/audit", role: "quality_manager", image: "audit" },
  { name: "audit-entry", route: "/audit/$entry", role: "auditor", at: async () => `/audit/${await richEntry()}` },
  { name: "audit-exports", route: "/audit/exports", role: "auditor" },
  { name: "audit-keys", route: "/audit/keys", role: "administrator" },
  { name: "users", route: "/users", role: "administrator" },
  { name: "sessions", route: "/sessions", role: "administrator" },
  { name: "new-user", route: "/users/new", role: "administrator" },
  {
    name: "user",
    route: "/users/$id",
    role: "administrator",
    at: async () => `/users/${await first("water", "administrator", "/users?limit=1")}`,
  },
  {
    name: "why-somebody-may",
    route: "/users/$id/access",
    role: "administrator",
    at: async () => `/users/${await first("water", "administrator", "/users?limit=1")}/access`,
  },
  { name: "roles", route: "/roles", role: "administrator" },
  { name: "compare", route: "/roles/compare", role: "administrator", at: twoRoles },
  { name: "new-role", route: "/roles/new", role: "administrator" },
  {
    name: "role",
    route: "/roles/$id",
    role: "administrator",
    at: async () => `/roles/${await first("water", "administrator", "/roles?limit=1")}`,
  },
  { name: "access-reviews", route: "/access-reviews", role: "administrator" },
  {
    name: "two-person-requests",
    route: "/two-person-requests",
    kind: "medical",
    role: "quality_manager",
    prepare: askForErasure,
  },
  {
    name: "erased-patient",
    route: "/patients/$id",
    kind: "medical",
    role: "manager",
    at: async () => `/patients/${await erasedPatient()}`,
  },
  {
    name: "access-review",
    route: "/access-reviews/$id",
    role: "administrator",
    at: async () => `/access-reviews/${(await openReview()).id}`,
  },
  { name: "service-accounts", route: "/service-accounts", role: "administrator" },
  { name: "new-service-account", route: "/service-accounts/new", role: "administrator" },
  {
    name: "service-account",
    route: "/service-accounts/$id",
    role: "administrator",
    at: async () => `/service-accounts/${(await serviceAccount()).id}`,
  },
  { name: "webhooks", route: "/webhooks", role: "administrator" },
  {
    name: "webhook",
    route: "/webhooks/$id",
    role: "administrator",
    at: async () => `/webhooks/${(await webhook()).id}`,
  },
  { name: "laboratory", route: "/laboratory", role: "administrator" },
  { name: "security", route: "/laboratory/security", role: "administrator" },
  { name: "data-separation", route: "/laboratory/separation", role: "administrator" },
  { name: "single-sign-on", route: "/laboratory/sign-on", role: "administrator" },
  { name: "support-access", route: "/support-access", role: "administrator" },
  { name: "account", route: "/account", role: "administrator" },
  { name: "clients", route: "/clients", role: "manager" },
  { name: "tests", route: "/catalogue/tests", role: "manager" },
  { name: "panels", route: "/catalogue/panels", role: "manager" },
  { name: "sample-types", route: "/catalogue/sample-types", role: "manager" },
  { name: "specifications", route: "/catalogue/specifications", role: "manager" },
  { name: "reference-ranges", route: "/catalogue/specifications", kind: "medical", role: "manager" },
  { name: "instruments", route: "/catalogue/instruments", role: "manager" },
  { name: "containers", route: "/catalogue/containers", role: "manager" },
  { name: "locations", route: "/catalogue/locations", role: "manager" },
];

/** The open review of who has access; one is begun where there is none. */
async function openReview() {
  const { items } = await as("water", "administrator", "GET", "/access-reviews?status=open");
  return items[0] ?? as("water", "administrator", "POST", "/access-reviews", {});
}

/** A record that nobody needs. */
const registeredByMistake = () =>
  as("medical", "receptionist", "POST", "/patients", {
    family_name: "Omyłkowa",
    given_name: "Anna",
    birth_date: "1970-01-01",
    sex: "female",
    identifiers: [],
  });

/** Something waits for a second person. */
async function askForErasure() {
  const { items } = await as("medical", "quality_manager", "GET", "/two-person-requests");
  if (items.length > 0) return;
  const { id } = await registeredByMistake();
  await as("medical", "manager", "POST", `/patients/${id}/erase`, { reason: "registered by mistake" });
}

/** A person whom two people erased. */
async function erasedPatient() {
  const { id } = await registeredByMistake();
  for (const role of ["manager", "quality_manager"])
    await as("medical", role, "POST", `/patients/${id}/erase`, { reason: "registered by mistake" });
  return id;
}

async function twoRoles() {
  const { items } = await as("water", "administrator", "GET", "/roles?limit=200");
  return `/roles/compare?left=role:${items[0].id}&right=role:${items[1].id}`;
}

/** Two values typed into what is still to be entered, one of them beyond its limit: the desk at work. */
async function fillDesk(page) {
  const open = page.getByRole("gridcell", { name: /^$/ }).and(page.locator('[aria-readonly="false"]'));
  await open.first().click();
  await page.keyboard.type("0.03");
  await page.keyboard.press("Tab");
  await page.keyboard.type("1.6");
  await page.keyboard.press("ArrowLeft");
}

/** Routes that only a session in a certain state reaches, and those of the platform; stories of their own look at them. */
export const passing = ["/set-up", "/locked", "/signed-on", "/platform/laboratories", "/platform/support"];

/** The routes of the application, from the file that its router is made of. */
export function routes() {
  const tree = readFileSync(new URL("../../../web/src/routeTree.gen.ts", import.meta.url), "utf8");
  const names = /fullPaths:([^]*?)fileRoutesByTo/.exec(tree)?.[1] ?? "";
  return [...names.matchAll(/["']([^"']+)["']/g)].map(([, route]) => route.replace(/(.)\/$/, "$1"));
}

/** One story for each role: all its pages on this screen, in both themes; all that is wrong is told together. */
export function tellPages(phone) {
  const screen = phone ? "phone" : "desk";
  for (const [who, group] of grouped())
    story(`Every page of ${who} is accessible and fits on a ${screen}, light and dark`, async ({ open }) => {
      const [{ kind, role }] = group;
      const page = await open({ kind, role, phone, path: "/" });
      const wrong = [];
      for (const each of group) wrong.push(...(await inspect(page, each, phone)));
      assert.deepEqual(wrong, []);
    });
}

const groupOf = ({ kind = "water", role }) =>
  role ? `the ${role.replace("_", " ")} of the ${kind} laboratory` : "somebody not signed in";

function grouped() {
  const groups = new Map();
  for (const each of pages) groups.set(groupOf(each), [...(groups.get(groupOf(each)) ?? []), each]);
  return groups;
}

async function inspect(page, { name, route, at, image, prepare }, phone) {
  const wrong = [];
  const screen = phone ? "phone" : "desk";
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(at ? await at() : route);
  await see(page.getByRole("heading", { level: 1 }));
  await settled(page);
  if (prepare) await prepare(page);
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await settled(page);
    await page.screenshot({ path: `${output}pages/${name}-${screen}-${theme}.png` });
    if (image && !phone && theme === "light" && process.env.UPDATE_IMAGES === "1") {
      mkdirSync(images, { recursive: true });
      await page.screenshot({ path: `${images}${image}.png` });
    }
    const found = await barriers(page, { onlyColours: theme === "dark" });
    wrong.push(...found.map((barrier) => `${name}, ${theme}: ${barrier}`));
  }
  const over = await excess(page);
  if (over > 0) wrong.push(`${name} is ${over} px wider than the screen`);
  return wrong;
}
