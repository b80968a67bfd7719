/** Only addresses of this site: an attacker's link must not send anybody elsewhere after signing in. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
