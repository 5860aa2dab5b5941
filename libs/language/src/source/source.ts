/** One file of a catalog, as text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}
