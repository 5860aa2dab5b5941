import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from './pattern.js';

function test(source: string, text: string): boolean | string | undefined {
  const pattern = compilePattern(source);
  return pattern.kind === 'pattern' ? pattern.test(text) : pattern.message;
}

describe('a pattern', () => {
  it.each<[source: string, text: string, want: boolean]>([
    ['', '', true],
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['c$', 'abc', true],
    ['^a.c$', 'abc', true],
    ['^a.c$', 'a\nc', false],
    ['^(foo|bar)+$', 'foobarfoo', true],
    ['^(foo|bar)+$', 'foobaz', false],
    ['^(?:a|b)*?c$', 'abbac', true],
    ['^a{2,3}$', 'a', false],
    ['^a{2,3}$', 'aaa', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a{2}$', 'aa', true],
    ['^a{2,}$', 'aaaaa', true],
    ['^a{x}$', 'a{x}', true],
    ['^[^0-9]+$', 'abc', true],
    ['^[^0-9]+$', 'ab3', false],
    ['^[]a-]+$', ']-a', true],
    ['^[\\d.]+$', '12.5', true],
    ['\\bcat\\b', 'a cat!', true],
    ['\\bcat\\b', 'concat', false],
    ['^\\w+\\s\\W$', 'ab_1 !', true],
    ['^.$', '👍', true],
    ['a\\.b', 'axb', false],
    ['^\\t$', '\t', true],
  ])('%s on %j', (source, text, want) => {
    expect(test(source, text)).toBe(want);
  });

  it.each<[source: string, want: string]>([
    ['(a', 'a ( is not closed'],
    ['a)', 'a ) has no ( before it'],
    ['[a', 'a [ is not closed'],
    ['*a', 'there is nothing before * to repeat'],
    ['a**', 'a repetition is repeated'],
    ['a{3,2}', '{3,2} is the wrong way round'],
    ['a{1000}', '{1000} repeats too often'],
    ['[z-a]', 'a range in a set is the wrong way round'],
    ['(?=a)', 'only ( ) and (?: ) groups can be used'],
    ['(?<n>a)', 'only ( ) and (?: ) groups can be used'],
    ['(a)\\1', '\\1 cannot be used'],
    ['a\\', 'the \\ at the end escapes nothing'],
    ['[[:alpha:]]', '[: :] classes cannot be used'],
  ])('%s is refused', (source, want) => {
    expect(test(source, '')).toBe(`the pattern % cannot be used: ${want}`);
  });

  it('is refused when it is too large', () => {
    expect(test('((a{100}){100}){100}', '')).toBe('the pattern % is too large');
  });

  it('says what RegExp says', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '(?:a|bb)', '(b|)', '^', '$', '\\b', 'c');
    const repeat = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?');
    const piece = fc.tuple(atom, repeat).map(([one, times]) => (['^', '$', '\\b'].includes(one) ? one : one + times));
    const source = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const pattern = fc.array(source, { minLength: 1, maxLength: 3 }).map((sources) => sources.join('|'));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (each, on) => {
        expect(test(each, on)).toBe(new RegExp(each, 'u').test(on));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes the same way however often a hostile text could be read otherwise', () => {
    expect(test('^(a|a|aa)*$', `${'a'.repeat(5000)}!`)).toBe(false);
  });
});
