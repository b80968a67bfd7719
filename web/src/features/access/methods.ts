import type { FactorMethod, Factors } from "@/api/types-access";

/** Which second factors a person can show. */
export function methodsOf(factors: Factors | undefined): FactorMethod[] {
  if (!factors) return [];
  const methods: FactorMethod[] = [];
  if (factors.totp) methods.push("totp");
  if (factors.passkeys.length > 0) methods.push("passkey");
  if (methods.length > 0 && factors.recovery_codes_left > 0) methods.push("recovery");
  return methods;
}
