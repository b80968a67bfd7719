import type * as T from "./types";
import type * as A from "./types-access";
import type * as R from "./types-records";

interface ById {
  path: { id: T.Id };
}
type Nothing = Record<string, never>;
type Reason = { reason: string };
interface TokenOf {
  path: { id: T.Id; token: T.Id };
}

/** Signing in, one's own account, who may what, and programs' accounts; see `operations.ts`. */
export interface AccessOperations {
  "POST /auth/login/passkey/options": { body: { mfa_token: string }; answer: { public_key: A.WebAuthnJson } };
  "POST /auth/login/passkey": {
    body: { mfa_token: string; credential: A.WebAuthnJson; mode?: "token" | "cookie" };
    answer: T.LoginAnswer;
  };
  "POST /auth/reauthenticate": { body: A.Proof; answer: { expires_at: T.Time } };
  "POST /auth/lock": { body: Nothing; answer: void };
  "POST /auth/unlock": { body: A.Unlock; answer: void };
  "PUT /auth/pin": { body: { pin: string; password: string }; answer: void };
  "DELETE /auth/pin": { answer: void };

  "POST /auth/password": { body: { current_password: string; new_password: string }; answer: void };
  "POST /auth/password/check": { body: { password: string; token?: string }; answer: A.PasswordCheck };
  "POST /auth/password-reset": { body: { email: string; laboratory?: string }; answer: unknown };
  "POST /auth/password-reset/inspect": { body: { token: string }; answer: A.PasswordLink };
  "POST /auth/password-reset/complete": {
    body: { token: string; new_password: string; otp?: string };
    answer: void;
  };

  "GET /auth/mfa": { answer: A.Factors };
  "POST /auth/mfa/totp": { body: Nothing; answer: A.TotpOffer };
  "POST /auth/mfa/totp/confirm": { body: { code: string }; answer: { recovery_codes: string[] | null } };
  "DELETE /auth/mfa/totp": { answer: void };
  "POST /auth/mfa/passkeys/options": { body: Nothing; answer: { public_key: A.WebAuthnJson } };
  "POST /auth/mfa/passkeys/challenge": { body: Nothing; answer: { public_key: A.WebAuthnJson } };
  "POST /auth/mfa/passkeys": {
    body: { name: string; credential: A.WebAuthnJson };
    answer: { id: T.Id; name: string; created_at: T.Time; recovery_codes?: string[] | null };
  };
  "PATCH /auth/mfa/passkeys/{id}": ById & { body: { name: string }; answer: A.Passkey };
  "DELETE /auth/mfa/passkeys/{id}": ById & { answer: void };
  "POST /auth/mfa/recovery-codes": { body: Nothing; answer: { recovery_codes: string[] } };

  "GET /auth/sessions": { query: T.ListQuery; answer: T.List<A.Session> };
  "DELETE /auth/sessions/{id}": ById & { answer: void };
  "POST /auth/sessions/end-others": { body: Nothing; answer: { ended: number } };
  "GET /users/{id}/sessions": ById & { query: T.ListQuery; answer: T.List<A.Session> };
  "DELETE /users/{id}/sessions/{session}": { path: { id: T.Id; session: T.Id }; answer: void };

  "POST /users/{id}/invite": ById & { body: Nothing; answer: { expires_at: T.Time; mailed: boolean } };
  "POST /users/{id}/reset-password": ById & { body: Nothing; answer: { expires_at: T.Time; mailed: boolean } };
  "POST /users/{id}/reset-second-factor": ById & { body: Reason; answer: R.User };
  "GET /users/{id}/access": ById & { answer: A.Access };
  "GET /roles/compare": { query: { left: string; right: string }; answer: A.Comparison };

  "GET /service-accounts": { query: T.ListQuery & { active?: boolean }; answer: T.List<A.ServiceAccount> };
  "POST /service-accounts": { body: A.NewServiceAccount; answer: A.ServiceAccount };
  "GET /service-accounts/{id}": ById & { answer: A.ServiceAccount };
  "PATCH /service-accounts/{id}": ById & { body: A.ServiceAccountChange; answer: A.ServiceAccount };
  "POST /service-accounts/{id}/deactivate": ById & { body: Reason; answer: A.ServiceAccount };
  "POST /service-accounts/{id}/reactivate": ById & { body: Reason; answer: A.ServiceAccount };
  "GET /service-accounts/{id}/tokens": ById & { query: T.ListQuery; answer: T.List<A.ServiceToken> };
  "POST /service-accounts/{id}/tokens": ById & {
    body: { label?: string; expires_in_days: number; permissions?: string[] };
    answer: A.NewToken;
  };
  "POST /service-accounts/{id}/tokens/{token}/revoke": TokenOf & { body: { reason?: string }; answer: unknown };
  "POST /service-accounts/{id}/tokens/{token}/rotate": TokenOf & {
    body: { overlap_minutes: number };
    answer: A.NewToken;
  };

  "GET /laboratory/separation": { answer: A.Separation };
}
