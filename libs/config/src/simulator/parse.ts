import type { z } from 'zod';
import { type ParsedDeclarations, parseDeclarations } from '../declarations.js';
import { knownKeys, simulatorSchema } from './schema.js';

/** What `simulator.yaml` declares. */
export type SimulatorDeclaration = z.output<typeof simulatorSchema>;

/** Reads the text of `simulator.yaml`. `file` is how the errors call it. */
export function parseSimulator(file: string, text: string): ParsedDeclarations<SimulatorDeclaration> {
  return parseDeclarations(file, text, { schema: simulatorSchema, knownKeys });
}
