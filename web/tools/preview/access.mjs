// The invented laboratory's doors for `npm run preview`: second factors, sessions, the locked screen, one-time links, programs'
// accounts and the walls. MUST=password,second_factor begins a session that has something to set up; FACTOR=yes asks for a
// second step (code 123456).
import { separation } from "./walls.mjs";
import { id } from "./world.mjs";

let made;
const codes = () => Array.from({ length: 10 }, () => `${id().slice(-5)}-${id().slice(-5)}`);
// A drawing that looks like a QR code; the real one is the server's.
const square = (x, y) =>
  `<rect x="${x}" y="${y}" width="7" height="7"/><rect x="${x + 1}" y="${y + 1}" width="5" height="5" fill="#fff"/><rect x="${x + 2}" y="${y + 2}" width="3" height="3"/>`;
const qr = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><rect width="29" height="29" fill="#fff"/>${Array.from({ length: 29 * 29 }, (_, n) => ((n * 7919 + (n >> 3) * 31) % 5 < 2 ? `<rect x="${n % 29}" y="${Math.floor(n / 29)}" width="1" height="1"/>` : "")).join("")}${square(0, 0)}${square(22, 0)}${square(0, 22)}</svg>`;

function world({ ago, resource, people }) {
  made ??= {
    must: (process.env.MUST ?? "").split(",").filter(Boolean),
    locked: process.env.LOCKED === "yes",
    pin: "402719",
    stepUp: false,
    factors: {
      totp: process.env.FACTOR === "yes" ? { enrolled_at: ago(90_000) } : null,
      passkeys:
        process.env.FACTOR === "yes"
          ? [{ id: id(), name: "Key on my ring", created_at: ago(80_000), last_used_at: ago(300) }]
          : [],
      recovery_codes_left: process.env.FACTOR === "yes" ? 8 : 0,
      required: process.env.FACTOR !== "no",
    },
    accounts: [
      ["Waterworks LIMS", "Orders, and fetches results every night", 2, 0],
      ["Ion chromatograph 2", "Sends its results by the middleware", 1, 1],
      ["Old portal", "", 0, 2],
    ].map(([name, description, tokens, n]) =>
      resource({
        name,
        description,
        active: n !== 2,
        owner: n ? people.piotr : people.anna,
        owner_active: true,
        roles: [],
        grants: [],
        client_id: null,
        addresses: n ? [] : ["10.20.0.0/16", "2001:db8::/48"],
        living_tokens: tokens,
        last_used_at: n === 2 ? null : ago(n * 600 + 4),
      }),
    ),
    tokens: [
      ["Night run", 80, null, 4],
      ["Test bench", 9, null, 5000],
      ["First one", -20, null, 90_000],
      ["Lost laptop", 40, 3000, null],
    ].map(([label, days, revoked, used], n) => ({
      id: id(),
      label,
      prefix: `att_s_7Kq${n}`,
      created_at: ago(100_000 - n),
      expires_at: ago(0 - Number(days) * 1440),
      last_used_at: used === null ? null : ago(used),
      last_used_ip: used === null ? null : "10.20.4.17",
      revoked_at: revoked === null ? null : ago(revoked),
      replaced_by: null,
      permissions: null,
    })),
  };
  return made;
}

export const sessionState = (data) => {
  const { must, locked, pin } = world(data);
  return {
    must,
    locked,
    has_pin: pin !== null,
    service: false,
    policy: {
      four_eyes_verification: true,
      four_eyes_release: false,
      idle_minutes: 720,
      password: { min_length: 12, max_length: 128, composition: true, history: 10 },
      second_factor: "by_role",
    },
  };
};

const policy = { min_length: 12, max_length: 128, composition: true, history: 10 };
function judged(password) {
  const problems = [];
  if ([...password].length < 12) problems.push({ code: "too_short", message: "Use at least 12 characters." });
  if (/water|anna/i.test(password))
    problems.push({
      code: "own_words",
      message: "It is made of your name or the laboratory's; others guess that first.",
    });
  if (/qwerty|123456/.test(password))
    problems.push({
      code: "guessable",
      message: "It follows the keys of the keyboard. Add a word or two that do not belong together.",
    });
  const score = Math.min(4, Math.floor([...password].length / 4) - problems.length);
  return { score: Math.max(0, score), acceptable: problems.length === 0 && score > 2, problems };
}

/** What may be asked without a session. */
export function answerAtTheDoor({ method, path, body, problem, data, signIn }) {
  const state = world(data);
  if (path === "/auth/login" && process.env.FACTOR === "yes" && body.otp !== "123456")
    return problem(401, "mfa-required", "Second factor needed", {
      methods: ["totp", "passkey", "recovery"],
      mfa_token: "preview",
      ...(body.otp ? { errors: [{ path: "otp", code: "wrong", message: "not right" }] } : {}),
    });
  if (path === "/auth/login/passkey") return signIn();
  if (path === "/auth/password/check") return { status: 200, body: judged(body.password) };
  if (path === "/auth/password-reset") return { status: 202, body: {} };
  if (path === "/auth/password-reset/inspect")
    return body.token === "dead"
      ? problem(404, "not-found", "No such link")
      : {
          status: 200,
          body: {
            purpose: body.token === "invitation" ? "invitation" : "reset",
            laboratory: { slug: "water", name: "Black Earth Water Laboratory" },
            email: "anna.kowalczyk@water.example",
            name: "Anna Kowalczyk",
            second_factor: body.token === "factor",
            expires_at: data.ago(-60),
            password_policy: policy,
          },
        };
  if (path === "/auth/password-reset/complete")
    return body.token === "factor" && body.otp !== "123456"
      ? problem(403, "reauthentication-failed", "The code is not right")
      : { status: 204 };
  if (state.locked && method !== "GET" && path === "/auth/unlock") {
    if (body.pin !== state.pin && body.password !== "right")
      return problem(403, "reauthentication-failed", "the PIN is not right");
    state.locked = false;
    return { status: 204 };
  }
  if (path === "/auth/lock") return ((state.locked = true), { status: 204 });
  if (state.locked && path !== "/me" && path !== "/auth/logout") return problem(403, "locked", "The screen is locked");
  return undefined;
}

const steppedUp =
  /^(POST|PATCH|DELETE) \/(audit\/exports|roles|service-accounts|laboratory|auth\/mfa\/(totp$|passkeys$|recovery)|users\/[^/]+\/reset-second-factor)/;

export function answerAccess(context) {
  const { method, path, body, data, page, query, problem, is, records } = context;
  const state = world(data);
  const ok = (answer, status = 200) => ({ status, body: answer });
  let found;
  if (path === "/auth/reauthenticate") {
    if (body.password === "bad" || (body.otp && body.otp !== "123456"))
      return problem(403, "reauthentication-failed", "Not confirmed");
    state.stepUp = true;
    return ok({ expires_at: data.ago(-5) });
  }
  if (!state.stepUp && state.must.length === 0 && steppedUp.test(`${method} ${path}`))
    return problem(403, "step-up-required", "Confirm that it is you");

  if (path === "/auth/password") {
    if (body.current_password === "bad") return problem(403, "reauthentication-failed", "Wrong");
    state.must = state.must.filter((each) => each !== "password");
    return { status: 204 };
  }
  if (path === "/auth/pin") return ((state.pin = body?.pin ?? null), { status: 204 });
  if (path === "/auth/mfa") return ok(state.factors);
  if (path === "/auth/mfa/totp" && method === "POST")
    return ok({ secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", uri: "otpauth://totp/x", qr_svg: qr });
  if (path === "/auth/mfa/totp/confirm") {
    if (body.code !== "123456") return problem(422, "validation", "The code does not fit");
    const first = state.factors.recovery_codes_left === 0;
    state.factors.totp = { enrolled_at: data.ago(0) };
    state.factors.recovery_codes_left = 10;
    state.must = state.must.filter((each) => each !== "second_factor");
    return ok({ recovery_codes: first ? codes() : null });
  }
  if (path === "/auth/mfa/totp") return ((state.factors.totp = null), { status: 204 });
  if (path === "/auth/mfa/recovery-codes") return ok({ recovery_codes: codes() });

  if (path === "/auth/sessions/end-others") return ok({ ended: 1 });
  if (path === "/auth/sessions" || is("/users/{id}/sessions"))
    return ok({
      items: [
        ["Firefox 152, Linux", "192.0.2.7", 0, true, false],
        ["Safari 20, iPhone", "198.51.100.4", 2000, false, false],
        ["Chrome 150, Windows", "192.0.2.31", 90, false, true],
      ]
        .map(([device, ip, seen, current, locked]) => ({
          id: id(),
          created_at: data.ago(seen + 300),
          last_seen_at: data.ago(seen),
          ip,
          device,
          user_agent: device,
          current: current && !path.startsWith("/users"),
          locked,
        }))
        .slice(path.startsWith("/users") ? 1 : 0),
      next: null,
    });
  if (is("/auth/sessions/{id}") || is("/users/{id}/sessions/{session}")) return { status: 204 };
  if (is("/users/{id}/invite") || is("/users/{id}/reset-password"))
    return ok({ expires_at: data.ago(-2880), mailed: true }, 202);
  if ((found = is("/users/{id}/access"))) {
    const user = records.users.find((each) => each.id === found[1]);
    const single = { by: data.people.piotr, at: data.ago(9000), until: data.ago(-20_000) };
    return ok({
      user: { id: user.id, name: user.name },
      permissions: records.permissions.map(({ id: permission }) => {
        const roles = records.roles.filter(
          (role) => user.roles.some((each) => each.id === role.id) && role.permissions.includes(permission),
        );
        const grant = user.grants.find((each) => each.permission === permission);
        return {
          permission,
          held: grant?.effect !== "deny" && (roles.length > 0 || grant?.effect === "allow"),
          because: [
            ...roles.map((role) => ({ kind: "role", id: role.id, name: role.name })),
            ...(grant?.effect === "allow" ? [{ kind: "grant", reason: grant.reason, ...single }] : []),
          ],
          denied_by: grant?.effect === "deny" ? { reason: grant.reason, ...single } : null,
        };
      }),
    });
  }
  if (path === "/roles/compare") {
    const side = (text) => {
      const [kind, which] = text.split(":");
      const one = (kind === "role" ? records.roles : records.users).find((each) => each.id === which);
      const held =
        kind === "role"
          ? one.permissions
          : records.roles
              .filter((role) => one.roles.some((each) => each.id === role.id))
              .flatMap((role) => role.permissions);
      return { kind, id: which, name: one.name, held };
    };
    const [left, right] = [side(query.get("left")), side(query.get("right"))];
    return ok({
      left: { ...left, held: undefined },
      right: { ...right, held: undefined },
      permissions: records.permissions.map(({ id: permission }) => ({
        permission,
        left: left.held.includes(permission),
        right: right.held.includes(permission),
      })),
    });
  }

  for (const account of state.accounts) if (account.roles.length === 0) account.roles = [data.ref(records.roles[1])];
  if (path === "/service-accounts" && method === "GET") return ok(page(state.accounts, query));
  if (path === "/service-accounts") {
    const account = data.resource({
      description: "",
      addresses: [],
      client_id: null,
      grants: [],
      ...body,
      owner: data.people.anna,
      owner_active: true,
      active: true,
      living_tokens: 0,
      last_used_at: null,
      roles: records.roles.filter((role) => body.role_ids.includes(role.id)).map(data.ref),
    });
    state.accounts.push(account);
    return ok(account, 201);
  }
  if ((found = is("/service-accounts/{id}/tokens")))
    return method === "GET"
      ? ok(page(state.tokens, query))
      : ok({ ...state.tokens[0], token: `att_s_${id().replaceAll("-", "")}q7Rt2mXw4Zp9` }, 201);
  if (is("/service-accounts/{id}/tokens/{token}/{act}"))
    return ok({ ...state.tokens[0], token: `att_s_${id().replaceAll("-", "")}q7Rt2mXw4Zp9` }, 201);
  if ((found = is("/service-accounts/{id}"))) return ok(state.accounts.find((each) => each.id === found[1]));

  if (path === "/laboratory/separation") return ok(separation(data, process.env.ENGINE ?? "postgresql"));
  return undefined;
}
