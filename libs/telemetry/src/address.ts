/** An address fit to be shown: without the password that it may carry. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\/\/[^@]*@/, '//***@');
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  return url.href;
}

/** Whether only this machine can reach a server that listens on the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
