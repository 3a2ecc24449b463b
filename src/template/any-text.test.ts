import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import {
  hostFunction,
  parseTemplate,
  renderAsync,
  renderSync,
  type Scope,
  splitBlocks,
  toTemplateValue,
} from './index.ts'

/** Pieces of templates, so that many of the texts parse and run. */
const PIECES = [
  ...'{{ |}} |{% |%}|{# |#}|{%- |-%}|if |elif |else|endif|for |in |endfor|set |endset|macro |endmacro|call |endcall|do '.split(
    '|',
  ),
  ...'with |endwith|filter |endfilter|raw|endraw|break|continue|recursive|not |and |or |is |loop|caller|return|namespace'.split(
    '|',
  ),
  ...'x|y|cents|items|settings|greet|true|none|upper|list|map|join|default|defined|even|length|index|append|format'.split(
    '|',
  ),
  ...['(', ')', '[', ']', '{', '}', ',', ':', '.', '|', '~', '+', '-', '*', '**', '/', '//', '%', '=', '==', '<', '!='],
  ...[
    "'a'",
    '"b"',
    "'%s'",
    "'{}'",
    '1',
    '2.5',
    '0',
    ' ',
    '\n',
    '\r\n',
    '\\',
    '"',
    "'",
    '`',
    '${',
    '\u2028',
    'é',
    'text',
  ],
]

const TEXT = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `{{ ${pieces.join('')} }}`),
  fc
    .array(fc.constantFrom(...PIECES), { maxLength: 12 })
    .map((pieces) => `{% for x in items %}{{ ${pieces.join('')} }}{% endfor %}`),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

test('any text renders or fails with a place in it, the same in both modes', async () => {
  await fc.assert(
    fc.asyncProperty(TEXT, async (text) => {
      const sync = await outcome(text, renderSync)
      expect(await outcome(text, renderAsync)).toEqual(sync)
    }),
    { numRuns: 3000, seed: 7 },
  )
})

test('any text is split into blocks or refused with a place in it', () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      try {
        splitBlocks({ path: 'macros/any.sql', text }, ['macro', 'test', 'docs'])
      } catch (error) {
        expectPlaceIn(error, text)
      }
    }),
    { numRuns: 1000, seed: 7 },
  )
})

async function outcome(text: string, render: typeof renderSync | typeof renderAsync): Promise<unknown> {
  try {
    const { text: rendered, map } = await render(parseTemplate({ path: 'models/any.sql', text }), scope())
    for (let offset = 0; offset < rendered.length; offset++) expect(map.locate(offset)).toBeDefined()
    return rendered
  } catch (error) {
    return expectPlaceIn(error, text)
  }
}

function expectPlaceIn(error: unknown, text: string): unknown {
  if (!(error instanceof UserError)) throw error
  const [diagnostic] = error.diagnostics
  const place = diagnostic?.place
  expect(place).toBeDefined()
  expect(place!.start).toBeGreaterThanOrEqual(0)
  expect(place!.end).toBeLessThanOrEqual(text.length)
  expect(place!.start).toBeLessThanOrEqual(place!.end)
  return diagnostic
}

function scope(): Scope {
  const names = new Map<string, unknown>([
    ['items', [1, 2]],
    ['settings', toTemplateValue({ currency: 'EUR' })],
    ['greet', hostFunction('greet', (args) => args[0] ?? 'hello')],
  ])
  return { lookup: (name) => names.get(name) }
}
