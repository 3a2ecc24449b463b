import { LINTS } from '../check/lints.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { positionAt } from '../text/source-file.ts'
import { version } from '../version.ts'
import { githubAnnotation } from './github.ts'

/** What `lavra check` found. */
export interface CheckReport {
  readonly problems: readonly Diagnostic[]
  /** How many nodes were bound. */
  readonly bound: number
  /** Models of which the columns are known only when data is there. */
  readonly unknown: readonly { readonly node: string; readonly reason: string }[]
  readonly seconds: number
}

/** The report in the form that is asked for: `text` for people, `json`, `sarif` (2.1.0) or `github` for programs. */
export function checkReport(report: CheckReport, form: string, color: boolean): string {
  switch (form) {
    case 'json':
      return `${JSON.stringify(asJson(report), null, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(asSarif(report), null, 2)}\n`
    case 'github':
      return report.problems.map((found) => `${githubAnnotation(found)}\n`).join('')
    default:
      return asText(report, color)
  }
}

function asText({ problems, bound, unknown, seconds }: CheckReport, color: boolean): string {
  const found = problems.map((problem) => `${formatDiagnostic(problem, { color })}\n\n`)
  const open = unknown.map(({ node, reason }) => `${node}: not checked, ${reason}\n`)
  return [...found, ...open, `Checked ${bound} nodes in ${seconds.toFixed(2)}s: ${countOf(problems)}\n`].join('')
}

function countOf(problems: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity'], word: string) => {
    const number = problems.filter((problem) => problem.severity === severity).length
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`]
  }
  const counts = [...count('error', 'problem'), ...count('warning', 'warning')]
  return counts.length === 0 ? 'no problems' : counts.join(', ')
}

function asJson({ problems, bound, unknown }: CheckReport) {
  return {
    checked: bound,
    problems: problems.map(({ code, severity, message, hint, place, subject }) => ({
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(subject === undefined ? {} : { subject }),
      ...(place === undefined ? {} : regionOf(place)),
    })),
    unknown,
  }
}

function regionOf({ file, start, end }: NonNullable<Diagnostic['place']>) {
  const [from, to] = [positionAt(file, start), positionAt(file, end)]
  return { file: file.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
}

/** Static Analysis Results Interchange Format 2.1.0, as code hosts and editors read it. */
function asSarif({ problems }: CheckReport) {
  const lints = LINTS.map(({ code, severity, summary }) => ({
    id: code,
    shortDescription: { text: summary },
    // SARIF calls what is off a rule without a level.
    defaultConfiguration: { level: severity === 'off' ? 'none' : severity },
  }))
  const known = new Set(LINTS.map(({ code }) => code))
  const others = [...new Set(problems.map(({ code }) => code))].filter((code) => !known.has(code))
  const rules = [...others.map((id) => ({ id })), ...lints]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Lavra', version, rules } },
        results: problems.map(({ code, severity, message, hint, place }) => ({
          ruleId: code,
          level: severity,
          message: { text: hint === undefined ? message : `${message}\nhint: ${hint}` },
          ...(place === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(place) }] }),
        })),
      },
    ],
  }
}

function physicalLocation(place: NonNullable<Diagnostic['place']>) {
  const { file, line, column, endLine, endColumn } = regionOf(place)
  return {
    artifactLocation: { uri: file },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  }
}
