import nunjucks from 'nunjucks'
import { afterEach, describe, expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import { hostFunction, parseTemplate, renderAsync, renderSync, type Scope, toTemplateValue } from '../index.ts'
import { PAYLOADS } from './payloads.ts'

const PROTOTYPES = [Object.prototype, Function.prototype, Array.prototype, String.prototype, Map.prototype]
const UNTOUCHED = PROTOTYPES.map((prototype) => new Set(Reflect.ownKeys(prototype)))

afterEach(restore)

describe.each([...new Set(PAYLOADS.map(({ way }) => way))])('escapes by %s', (way) => {
  const payloads = PAYLOADS.filter((payload) => payload.way === way)

  test.each(payloads)('$template goes nowhere', async ({ template }) => {
    for (const render of [renderSync, renderAsync]) {
      const printed = await printedBy(() => render(parseTemplate({ path: 'models/x.sql', text: template }), scope()))
      expect(signsOfEscape(printed, template)).toEqual([])
    }
  })

  test.each(payloads)('$template, on stock nunjucks: $stock', async ({ template, stock }) => {
    const printed = await printedByStock(template)
    expect(signsOfEscape(printed, template).length > 0 ? 'escapes' : 'harmless').toBe(stock)
  })
})

test('a file name never becomes code', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is part of the attack
  const path = 'models/"+(globalThis.PWNED=1)+"`${globalThis.PWNED=1}`\u2028*/.sql'
  const tree = parseTemplate({ path, text: 'select {{ amount }}{{ missing.x }}' })
  expect(() => renderSync(tree, scope())).toThrow('"missing" is not defined.')
  expect(signsOfEscape('', '')).toEqual([])
})

test('a value that the host should not have given is a closed box', () => {
  const values = new Map<string, unknown>([
    ['fn', () => 'called'],
    [
      'object',
      {
        secret: 'x',
        get version() {
          return process.version
        },
      },
    ],
    ['instance', new Map([['secret', 'x']])],
  ])
  const printed = (text: string) =>
    renderSync(parseTemplate({ path: 'models/x.sql', text }), { lookup: (name) => values.get(name) }).text
  expect(printed('{{ fn }} {{ object }} {{ instance }}')).toBe('<object> <object> <object>')
  expect(printed('{{ object.secret }}{{ object["version"] }}{{ instance.get }}{{ fn.name }}')).toBe('')
  expect(() => printed('{{ fn() }}')).toThrow('A value of type object cannot be called.')
  expect(() => printed("{{ instance.get('secret') }}")).toThrow('has no attribute "get"')
})

function scope(): Scope {
  const values = new Map<string, unknown>([
    ['text', 'abc'],
    ['items', [1, 2]],
    ['settings', toTemplateValue({ currency: 'EUR' })],
    ['greet', hostFunction('greet', () => 'hello')],
  ])
  return { lookup: (name) => values.get(name), names: () => values.keys() }
}

/** The text of a render, or nothing where it fails as a template may fail. */
async function printedBy(render: () => { text: string } | Promise<{ text: string }>): Promise<string> {
  try {
    return (await render()).text
  } catch (error) {
    if (error instanceof UserError) return ''
    throw error
  }
}

async function printedByStock(template: string): Promise<string> {
  const context = { text: 'abc', items: [1, 2], settings: { currency: 'EUR' }, greet: () => 'hello' }
  try {
    return nunjucks.renderString(template, context) ?? ''
  } catch {
    // Stock nunjucks failing is the harmless case, in whatever way it fails.
    return ''
  }
}

/** What tells that a payload reached something it should not; cleans up. Text of the template itself tells nothing. */
function signsOfEscape(printed: string, template: string): readonly string[] {
  const signs: string[] = []
  if (printed.toUpperCase().includes(process.version.toUpperCase())) signs.push('ran code')
  if (printed.includes('[native code]') && !template.includes('[native code]')) signs.push('read a function')
  if ('PWNED' in globalThis) signs.push('set a global')
  for (const [index, prototype] of PROTOTYPES.entries()) {
    const added = Reflect.ownKeys(prototype).filter((key) => !UNTOUCHED[index]!.has(key))
    if (added.length > 0) signs.push(`changed a prototype: ${added.join(', ')}`)
  }
  restore()
  return signs
}

function restore(): void {
  Reflect.deleteProperty(globalThis, 'PWNED')
  for (const [index, prototype] of PROTOTYPES.entries()) {
    for (const key of Reflect.ownKeys(prototype)) {
      if (!UNTOUCHED[index]!.has(key)) Reflect.deleteProperty(prototype, key)
    }
  }
}
