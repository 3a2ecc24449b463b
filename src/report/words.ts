import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import type { NodeLabel, NodeOutcome, NodeStatus, RunEvent, RunHeader, RunSummary } from '../events/events.ts'
import { unreachable } from '../util/unreachable.ts'
import { describeCount, describeSeconds } from './numbers.ts'
import { type Paint, painter } from './paint.ts'

/** One event as people read it: one or more lines without a final newline, or undefined when it says nothing of its own. */
export function wordsOf(event: RunEvent, color: boolean): string | undefined {
  const paint = painter(color)
  switch (event.kind) {
    case 'run-started':
      return describeRun(event.run, paint)
    case 'waiting-for-lease':
      return `Waiting: ${event.holder}`
    case 'swept':
      return `Removed what an interrupted run had left: ${describeCount(event.relations.length, 'relation')}`
    case 'step':
    case 'node-started':
    case 'hook-started':
    case 'publish-started':
      return undefined
    case 'node-finished': {
      const count = `${String(event.index).padStart(String(event.total).length)} of ${event.total}`
      return withDiagnostics(
        `${count} ${describeOutcome(event.node, event.outcome, paint)}`,
        event.outcome.diagnostics,
        color,
      )
    }
    case 'hook-finished': {
      const status = event.diagnostic ? paint('red', 'ERROR') : paint('green', 'OK   ')
      const line = `${status} hook ${event.name} ${inTime(event.seconds, paint)}`
      return withDiagnostics(line, event.diagnostic ? [event.diagnostic] : [], color)
    }
    case 'published':
    case 'not-published':
    case 'held-back':
      return describePublication(event, paint)
    case 'log':
    case 'print':
      return event.message
    case 'diagnostic':
      return `${formatDiagnostic(event.diagnostic, { color })}\n`
    case 'run-finished':
      return describeSummary(event.summary, paint)
    default:
      return unreachable(event)
  }
}

/** `table main.orders`, `test not_null_orders_id`, `freshness of raw.orders`. */
export function describeNode(node: NodeLabel): string {
  if (node.resourceType === 'source') return `freshness of ${node.name}`
  return `${node.materialization ?? node.resourceType} ${node.relation ?? node.name}`
}

function describeRun(run: RunHeader, paint: Paint): string {
  const threads = describeCount(run.threads, 'thread')
  const heading = `${paint('bold', `Lavra ${run.version}`)} ${run.command}: ${run.project} to ${run.target}`
  const counts = Object.entries(run.counts).map(([type, count]) => describeCount(count, type))
  return `${heading} (${run.location}), ${threads}\n${counts.join(', ') || 'nothing to do'}\n`
}

const STATUS_WORDS: Readonly<Record<NodeStatus, readonly [word: string, style: Parameters<Paint>[0]]>> = {
  success: ['OK   ', 'green'],
  pass: ['PASS ', 'green'],
  warn: ['WARN ', 'yellow'],
  error: ['ERROR', 'red'],
  fail: ['FAIL ', 'red'],
  skipped: ['SKIP ', 'gray'],
}

function describeOutcome(node: NodeLabel, outcome: NodeOutcome, paint: Paint): string {
  const [word, style] = STATUS_WORDS[outcome.status]
  const subject = `${paint(style, word)} ${describeNode(node)}`
  if (outcome.status === 'skipped') return outcome.message ? `${subject}: ${outcome.message}` : subject
  const detail = detailOf(outcome)
  return `${subject}${detail === undefined ? '' : ` (${detail})`} ${inTime(outcome.seconds, paint)}`
}

function detailOf({ status, rows, failures, message, diagnostics }: NodeOutcome): string | undefined {
  if (status === 'success') return rows === undefined ? undefined : describeCount(rows, 'row')
  if (status === 'pass') return undefined
  if (failures !== undefined && status !== 'error') return describeCount(failures, 'failing result')
  // A message that the diagnostics below will say again is left to them.
  return diagnostics.length === 0 ? message : undefined
}

function inTime(seconds: number, paint: Paint): string {
  return paint('gray', `in ${describeSeconds(seconds)}`)
}

function withDiagnostics(line: string, diagnostics: readonly Diagnostic[], color: boolean): string {
  if (diagnostics.length === 0) return line
  const blocks = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, { color }).replace(/^(?=.)/gm, '  '))
  return `${line}\n\n${blocks.join('\n\n')}\n`
}

type PublicationEvent = Extract<RunEvent, { readonly kind: 'published' | 'not-published' | 'held-back' }>

/** What readers see now. */
export function describePublication(event: PublicationEvent, paint: Paint): string {
  if (event.kind === 'not-published') {
    const hooks = event.hooksRan ? '\nHooks ran; what they wrote elsewhere is not undone' : ''
    return `${paint('bold', `Nothing was published: ${event.reason}`)}${hooks}`
  }
  if (event.kind === 'held-back') return `${paint('bold', 'Held back')} ${listOf(event.nodes)}: ${event.reason}`
  const relations = describeCount(event.relations.length, 'relation')
  const published = paint('bold', `Published ${relations} in ${describeSeconds(event.seconds)}`)
  return event.staleDownstream.length === 0 ? published : `${published}\n${describeStale(event.staleDownstream)}`
}

function describeStale(names: readonly string[]): string {
  const [is, reads] = names.length === 1 ? ['is', 'it reads'] : ['are', 'they read']
  return `${describeCount(names.length, 'table')} downstream ${is} now older than what ${reads}: ${listOf(names)}`
}

const LONGEST_LIST = 5

function listOf(names: readonly string[]): string {
  const left = names.length - LONGEST_LIST
  const shown = names.slice(0, LONGEST_LIST).join(', ')
  return left > 0 ? `${shown} and ${left} more` : shown
}

/** The last line, in dbt's form, because people and scripts look for it. */
function describeSummary({ counts, seconds, interrupted }: RunSummary, paint: Paint): string {
  const errors = counts.error + counts.fail
  const passed = counts.success + counts.pass
  const total = passed + counts.warn + errors + counts.skipped
  const how = interrupted ? 'Interrupted' : errors > 0 ? `Finished with ${describeCount(errors, 'error')}` : 'Finished'
  const style = interrupted || errors > 0 ? 'red' : counts.warn > 0 ? 'yellow' : 'green'
  return [
    `${paint(style, how)} after ${describeSeconds(seconds)}`,
    `Done. PASS=${passed} WARN=${counts.warn} ERROR=${errors} SKIP=${counts.skipped} TOTAL=${total}`,
  ].join('\n')
}
