import { expect, test } from 'vitest'
import { expandTemplate, pythonRegex, REGEX_FLAGS } from './python-regex.ts'

test.each([
  [String.raw`(?P<year>\d{4})-(?P=year)`, 0, '2024-2024', ['2024-2024', '2024']],
  ['(?i)orders', 0, 'ORDERS', ['ORDERS']],
  [String.raw`\A[\w\-]+\Z`, 0, 'a-b', ['a-b']],
  ['{{x}}', 0, '{{x}}', ['{{x}}']],
  [String.raw`a{2,}\_\"\'`, 0, `aaa_"'`, [`aaa_"'`]],
  ['a b # two letters', REGEX_FLAGS.VERBOSE, 'ab', ['ab']],
  ['^b.c$', REGEX_FLAGS.MULTILINE | REGEX_FLAGS.DOTALL, 'a\nb\nc', ['b\nc']],
])('%s', (pattern, flags, text, groups) => {
  expect([...pythonRegex(pattern, flags).exec(text)!]).toEqual(groups)
})

test('fills a replacement', () => {
  const match = pythonRegex(String.raw`(?P<a>\w)(\d)?`, 0).exec('x')!
  expect(expandTemplate(String.raw`\g<a>\1\2\g<0>\n\.`, match)).toBe('xxx\n\\.')
})
