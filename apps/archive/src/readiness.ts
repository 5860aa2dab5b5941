/** What is missing now, by name. */
export class Readiness {
  constructor(readonly missing: () => Readonly<Record<string, string>>) {}
}
