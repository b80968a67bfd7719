import type { Generated } from "./generated";

/**
 * Signing in, one's own account, who may what, and programs' accounts: their types are those of the interface's document,
 * so that a change on either side shows when the screens are checked.
 */
export type AccessOperations = { [O in Name]: Generated<O> };

type Name =
  | "POST /auth/login/passkey/options"
  | "POST /auth/login/passkey"
  | "POST /auth/reauthenticate"
  | "POST /auth/lock"
  | "POST /auth/unlock"
  | "PUT /auth/pin"
  | "DELETE /auth/pin"
  | "POST /auth/password"
  | "POST /auth/password/check"
  | "POST /auth/password-reset"
  | "POST /auth/password-reset/inspect"
  | "POST /auth/password-reset/complete"
  | "GET /auth/mfa"
  | "POST /auth/mfa/totp"
  | "POST /auth/mfa/totp/confirm"
  | "DELETE /auth/mfa/totp"
  | "POST /auth/mfa/passkeys/options"
  | "POST /auth/mfa/passkeys/challenge"
  | "POST /auth/mfa/passkeys"
  | "PATCH /auth/mfa/passkeys/{id}"
  | "DELETE /auth/mfa/passkeys/{id}"
  | "POST /auth/mfa/recovery-codes"
  | "GET /auth/sessions"
  | "DELETE /auth/sessions/{id}"
  | "POST /auth/sessions/end-others"
  | "GET /users/{id}/sessions"
  | "DELETE /users/{id}/sessions/{session}"
  | "POST /users/{id}/invite"
  | "POST /users/{id}/reset-password"
  | "POST /users/{id}/reset-second-factor"
  | "GET /users/{id}/access"
  | "GET /roles/compare"
  | "GET /service-accounts"
  | "POST /service-accounts"
  | "GET /service-accounts/{id}"
  | "PATCH /service-accounts/{id}"
  | "POST /service-accounts/{id}/deactivate"
  | "POST /service-accounts/{id}/reactivate"
  | "GET /service-accounts/{id}/tokens"
  | "POST /service-accounts/{id}/tokens"
  | "POST /service-accounts/{id}/tokens/{token}/revoke"
  | "POST /service-accounts/{id}/tokens/{token}/rotate"
  | "GET /laboratory/separation";
