import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import { parseTemplate, renderAsync, renderSync, type Scope, TemplateError, toTemplateValue } from '../index.ts'

/**
 * A template with what Jinja2 3.1.6 makes of it: the text, or the class and message of the error. The answers were given by
 * `SandboxedEnvironment(extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols'])`, the environment of dbt; a new case is
 * answered by the same.
 */
interface GoldenCase {
  readonly group: string
  readonly template: string
  readonly context?: Readonly<Record<string, unknown>>
  readonly text?: string
  readonly error?: string
}

const CASES = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')) as readonly GoldenCase[]

describe.each([...new Set(CASES.map(({ group }) => group))])('as Jinja: %s', (group) => {
  test.each(casesOf(group))('%s', async (_title, golden) => {
    const expected = golden.text === undefined ? { error: golden.error } : { text: golden.text }
    expect(await outcome(() => renderSync(treeOf(golden), scopeOf(golden)))).toEqual(expected)
    expect(await outcome(() => renderAsync(treeOf(golden), scopeOf(golden)))).toEqual(expected)
  })
})

/** Titles in one line each. */
function casesOf(group: string): readonly (readonly [string, GoldenCase])[] {
  return CASES.filter((each) => each.group === group).map((each) => [JSON.stringify(each.template), each] as const)
}

function treeOf(golden: GoldenCase) {
  return parseTemplate({ path: 'models/golden.sql', text: golden.template })
}

function scopeOf(golden: GoldenCase): Scope {
  const values = new Map(Object.entries(golden.context ?? {}).map(([name, value]) => [name, toTemplateValue(value)]))
  return { lookup: (name) => values.get(name) }
}

async function outcome(render: () => { text: string } | Promise<{ text: string }>) {
  try {
    return { text: (await render()).text }
  } catch (error) {
    return { error: describeError(error) }
  }
}

/** Python's name and message of a template's error. Everything else is ours and fails the test. */
function describeError(error: unknown): string {
  const cause = error instanceof UserError ? error.cause : error
  if (!(cause instanceof TemplateError)) throw error
  return `${cause.type}: ${cause.message}`
}
