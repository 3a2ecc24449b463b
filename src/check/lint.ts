import { describeCall } from '../compile/place-in-template.ts'
import type { LintSetting } from '../config/project-file.ts'
import { pointAtUsersCall } from '../context/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../text/source-file.ts'
import { Allowances } from './allowances.ts'
import { lintedFiles } from './linted-files.ts'
import type { CheckedProject, Finding, Rule } from './rule.ts'
import { RULES } from './rules/index.ts'

/** What becomes of what a rule finds. */
type LintSeverity = LintSetting['severity']

/** Severities that the project file gives, by code. */
export type LintSeverities = Readonly<Record<string, LintSeverity>>

/**
 * What the rules find and no comment allows, in the order of the nodes and of their text, and after it what is wrong with
 * such comments.
 */
export async function lint(project: CheckedProject, severities: LintSeverities): Promise<readonly Diagnostic[]> {
  const rules = RULES.filter(({ code, severity }) => (severities[code] ?? severity) !== 'off')
  const allowances = new Allowances(await lintedFiles(project))
  const order = new Map(project.nodes.map(({ id }, index) => [id, index]))
  const found = new Map<string, { readonly finding: Finding; readonly diagnostic: Diagnostic }>()
  for (const rule of rules) {
    for (const finding of await rule.find(project)) {
      const diagnostic = diagnosticOf(rule, finding, project)
      // A macro that many models call has its mistake once.
      if (diagnostic) found.set(identityOf(diagnostic), found.get(identityOf(diagnostic)) ?? { finding, diagnostic })
    }
  }
  const told = [...found.values()]
    .filter(({ finding, diagnostic }) => !allowances.allow(diagnostic.code, placesOf(finding, project)))
    .toSorted(
      (a, b) =>
        order.get(a.finding.node)! - order.get(b.finding.node)! || startOf(a.diagnostic) - startOf(b.diagnostic),
    )
    .map(({ diagnostic }) => diagnostic)
  const codes = RULES.map(({ code }) => code)
  const ofComments = allowances.problems(codes, (code) => rules.some((rule) => rule.code === code))
  return [...told, ...ofComments].flatMap((diagnostic) => withSeverity(diagnostic, severities[diagnostic.code]))
}

function diagnosticOf({ code, severity }: Rule, finding: Finding, project: CheckedProject): Diagnostic | undefined {
  const { place, message, hint } = finding
  if (!place) return undefined
  const node = project.manifest.nodes.get(finding.node)!
  const related = [...(finding.related ?? []), ...place.calls.map(describeCall)]
  return pointAtUsersCall({
    code,
    severity: severity === 'off' ? 'warning' : severity,
    message,
    place: place.place,
    subject: `${node.kind} ${node.name}`,
    ...(related.length > 0 ? { related } : {}),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Where a comment may allow a finding: where it stands, where a macro was called, and in the file of its node. */
function placesOf({ node, place }: Finding, { manifest }: CheckedProject) {
  const at: readonly Span[] = place ? [place.place, ...place.calls.map((call) => call.place)] : []
  return { at, files: [...at.map(({ file }) => file), manifest.nodes.get(node)!.file] }
}

function withSeverity(diagnostic: Diagnostic, severity: LintSeverity | undefined): readonly Diagnostic[] {
  if (severity === 'off') return []
  return [severity === undefined ? diagnostic : { ...diagnostic, severity }]
}

function identityOf({ code, message, place }: Diagnostic): string {
  return JSON.stringify([code, message, place?.file.path, place?.start])
}

function startOf({ place }: Diagnostic): number {
  return place?.start ?? 0
}
