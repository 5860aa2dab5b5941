import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { elementTexts } from './array-elements.js';

it.each([
  { text: '[]', want: [] },
  { text: ' [ ] ', want: [] },
  { text: '[1]', want: ['1'] },
  { text: ' [ 1 , "a,]b\\"," , [2,[3]] , {"k":[4,5]} ]\n', want: ['1', '"a,]b\\","', '[2,[3]]', '{"k":[4,5]}'] },
  { text: '["\\\\", ""]', want: ['"\\\\"', '""'] },
])('$text', ({ text, want }) => {
  expect(elementTexts(text)).toEqual(want);
});

it('finds the elements of any array, however it is spaced', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
      const found = elementTexts(JSON.stringify(values, null, indent));
      expect(found.map((text) => JSON.parse(text) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});
