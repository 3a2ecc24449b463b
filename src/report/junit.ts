import { formatDiagnostic } from '../diagnostics/format.ts'
import type { NodeResult } from '../run/results.ts'

export interface JunitInput {
  readonly results: readonly NodeResult[]
  /** The name of the suite: the project. */
  readonly project: string
  /** ISO 8601 in UTC. */
  readonly startedAt: string
  readonly seconds: number
}

/**
 * The results of a run as JUnit XML, which CI services show: one test case for every node. A test that found something
 * is a failure, a node or test that could not run is an error; a warning passes and says what it warns of.
 */
export function junitXml({ results, project, startedAt, seconds }: JunitInput): string {
  const count = (status: NodeResult['status']) => results.filter((result) => result.status === status).length
  const attributes = {
    name: project,
    tests: results.length,
    failures: count('fail'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
    timestamp: startedAt,
  }
  const cases = results.map((result) => testCase(result, project))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${attributesText(attributes)}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(result: NodeResult, project: string): string {
  const [type = '', , ...name] = result.id.split('.')
  const attributes = { classname: `${project}.${type}`, name: name.join('.'), time: result.seconds.toFixed(3) }
  const inside = insideOf(result)
  const open = `    <testcase${attributesText(attributes)}`
  return inside === undefined ? `${open}/>` : `${open}>\n      ${inside}\n    </testcase>`
}

function insideOf(result: NodeResult): string | undefined {
  const details = result.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n')
  const message = result.message ?? result.diagnostics[0]?.message.split('\n')[0] ?? ''
  switch (result.status) {
    case 'success':
    case 'pass':
      return undefined
    case 'skipped':
      return `<skipped${attributesText({ message })}/>`
    case 'warn':
      return `<system-out>${escapeXml(details || message)}</system-out>`
    case 'fail':
      return `<failure${attributesText({ message })}>${escapeXml(details)}</failure>`
    case 'error':
      return `<error${attributesText({ message })}>${escapeXml(details)}</error>`
  }
}

function attributesText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0 has no place for most control characters and for lone surrogates; they are left out. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!)
}
