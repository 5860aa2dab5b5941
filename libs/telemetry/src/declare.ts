import { z } from 'zod';

/** One variable of the environment: its name, and what may stand in it. An empty variable counts as not set. */
export interface Declared<S extends z.ZodType> {
  readonly variable: string;
  readonly schema: S;
}

/** Declares a variable. */
export function declare<S extends z.ZodType>(variable: string, schema: S): Declared<S> {
  return { variable, schema };
}

/** Any text, or nothing. */
export function text() {
  return z.string().nullable().default(null);
}

/** A whole number between two, both allowed. */
export function integer(least: number, most: number) {
  const allowed = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, allowed)
    .transform(Number)
    .refine((value) => value >= least && value <= most, allowed);
}

/** One of a few words. */
export function choice<const T extends readonly string[]>(values: T) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

/** Words separated by commas. */
export function list() {
  return z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    );
}

/** The number of a port; 0 takes a free one. */
export const port = () => integer(0, 65_535);
