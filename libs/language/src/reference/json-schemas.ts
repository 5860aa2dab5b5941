import { z } from 'zod';
import { FileSchema } from '../source/schema.js';
import { TestFileSchema } from '../testing/schema.js';

/** What editors check definition files and test files with, by the names of the files: JSON Schema 2020-12, as text. */
export function jsonSchemas(): Readonly<Record<'catalog' | 'test', string>> {
  return { catalog: textOf(FileSchema), test: textOf(TestFileSchema) };
}

function textOf(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
}
