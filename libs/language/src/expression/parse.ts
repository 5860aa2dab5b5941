import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import type { Problem } from '../diagnostic.js';

/** Beyond these an expression is a program, and checking or evaluating it could take long. */
const LONGEST = 2000;
const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 250, maxCallArguments: 32 };

const ENVIRONMENT = new Environment({ limits: LIMITS });

/** An expression's tree, or what is wrong with its text, and where. */
export type Parsed =
  | { readonly kind: 'tree'; readonly tree: ASTNode }
  | { readonly kind: 'broken'; readonly offset: number; readonly problem: Problem };

/** Text to tree. */
export function parseExpression(text: string): Parsed {
  if (text.trim() === '') {
    const problem = { code: 'syntax', message: 'the expression is empty', remedy: 'write null for no value' } as const;
    return { kind: 'broken', offset: 0, problem };
  }
  if (text.length > LONGEST) return tooLarge(0, `the expression is longer than ${LONGEST} characters`);
  try {
    return { kind: 'tree', tree: ENVIRONMENT.parse(text).ast };
  } catch (error) {
    return brokenBy(error, text);
  }
}

function tooLarge(offset: number, message: string): Parsed {
  const remedy = 'move parts of it into own events or fields';
  return { kind: 'broken', offset, problem: { code: 'too-large', message, remedy } };
}

function brokenBy(error: unknown, text: string): Parsed {
  const offset = error instanceof ParseError ? (error.range?.start ?? 0) : 0;
  if (!(error instanceof ParseError)) return tooLarge(0, 'the expression is nested too deeply');
  if (error.code === 'limit_exceeded')
    return tooLarge(offset, `the expression is too large: ${lowered(error.summary)}`);
  const problem: Problem = {
    code: 'syntax',
    message: lowered(error.summary),
    remedy: remedyFor(error.code, text, offset),
  };
  return { kind: 'broken', offset, problem };
}

function lowered(summary: string): string {
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}

function remedyFor(code: string, text: string, offset: number): string {
  const around = text.slice(offset, offset + 2);
  if (around.startsWith('=')) return 'equality is written ==';
  if (around.startsWith('&') || around.startsWith('|')) return 'write && for and, || for or';
  if (offset >= text.length) return 'the expression ends too early: complete it';
  if (code === 'unterminated_string') return 'close the quote';
  if (code === 'reserved_identifier') return 'this word is reserved: use another name';
  return `correct the expression at ${text.slice(offset, offset + 20)}`;
}
