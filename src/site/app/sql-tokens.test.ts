import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sqlTokens } from './sql-tokens.ts'

test('keywords, texts, numbers, comments, quoted names and templates are told apart', () => {
  const sql = `-- it's
select "a ""b", 'it''s', 1.5 from {{ ref('orders') }} {# no #} where $tag$ x $tag$`
  expect(sqlTokens(sql).filter(({ kind }) => kind !== 'plain')).toEqual([
    { kind: 'comment', text: "-- it's" },
    { kind: 'keyword', text: 'select' },
    { kind: 'name', text: '"a ""b"' },
    { kind: 'string', text: "'it''s'" },
    { kind: 'number', text: '1.5' },
    { kind: 'keyword', text: 'from' },
    { kind: 'template', text: "{{ ref('orders') }}" },
    { kind: 'comment', text: '{# no #}' },
    { kind: 'keyword', text: 'where' },
    { kind: 'string', text: '$tag$ x $tag$' },
  ])
})

test('the pieces together are the text, whatever it is', () => {
  const pieces = ["'", '"', '$', '--', '{{', '}}', '{%', '/*', '*/', '\n', 'select', 'a', '1', ' ', 'é', '</script>']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
      const text = parts.join('')
      expect(
        sqlTokens(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text)
    }),
  )
})
