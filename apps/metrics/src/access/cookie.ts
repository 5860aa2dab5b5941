import { SESSION_SECONDS } from '@app/access';

/** Where a browser exchanges a token for a session. */
export const SIGN_IN = '/sign-in';

const NAME = 'livemeter_session';

/** The session that the header Cookie carries, or null. */
export function sessionCookie(header: string | undefined): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === NAME && value !== undefined) return value;
  }
  return null;
}

/** The header Set-Cookie that begins a session: no script can read it, and no other site's request carries it. */
export function beginSession(value: string, secure: boolean): string {
  return `${NAME}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_SECONDS}${secure ? '; Secure' : ''}`;
}

/** The header Set-Cookie that ends a session. */
export function endSession(): string {
  return `${NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
}

/** The sign-in page that leads back to `address` afterwards. */
export function signInAddress(address: string): string {
  return `${SIGN_IN}?next=${encodeURIComponent(address)}`;
}

/** Where to go after signing in: a path of this server, whatever was asked for. */
export function ownPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) ? next : '/';
}
