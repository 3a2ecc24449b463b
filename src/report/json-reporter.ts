import type { RunEvent } from '../events/events.ts'
import { positionAt, type Span } from '../text/source-file.ts'
import type { JsonObject } from '../util/json.ts'
import { describeCount } from './numbers.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { describeNode, wordsOf } from './words.ts'

/**
 * One JSON object a line, in the form of dbt's JSON log: `info` says when, how grave and in words, `data` is the event.
 * Places are `{path, line, column}`, counted from 1.
 */
export function jsonReporter(options: ReporterOptions): Reporter {
  let runId: string | undefined
  return {
    emit(event) {
      if (event.kind === 'run-started') runId = event.run.runId
      const level = levelOf(event)
      if (level === 'debug' && !options.debug) return
      if (options.quiet && level !== 'error' && event.kind !== 'print') return
      const info = {
        level,
        ts: options.now().toISOString(),
        name: nameOf(event),
        msg: (wordsOf(event, false) ?? announcement(event)).trimEnd(),
        ...(runId === undefined ? {} : { invocation_id: runId }),
      }
      options.stream.write(`${JSON.stringify({ info, data: dataOf(event) })}\n`)
    },
    close() {},
  }
}

type Level = 'debug' | 'info' | 'warn' | 'error'

function levelOf(event: RunEvent): Level {
  switch (event.kind) {
    case 'log':
      return event.level
    case 'step':
      return 'debug'
    case 'diagnostic':
      return event.diagnostic.severity === 'error' ? 'error' : 'warn'
    case 'hook-finished':
      return event.diagnostic ? 'error' : 'info'
    case 'not-published':
    case 'held-back':
      return 'error'
    case 'node-finished': {
      const { status } = event.outcome
      return status === 'error' || status === 'fail' ? 'error' : status === 'warn' ? 'warn' : 'info'
    }
    default:
      return 'info'
  }
}

/** `node-finished` → `NodeFinished`. */
function nameOf(event: RunEvent): string {
  return event.kind.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Words for what the text output shows only while it lasts. */
function announcement(event: RunEvent): string {
  switch (event.kind) {
    case 'node-started':
      return `${event.index} of ${event.total} START ${describeNode(event.node)}`
    case 'hook-started':
      return `START hook ${event.name}`
    case 'step':
      return event.name
    case 'publish-started':
      return `START publish ${describeCount(event.relations, 'relation')}`
    default:
      return ''
  }
}

/** The event as plain data. A place would carry the whole text of its file, so it becomes a line and a column. */
function dataOf(event: RunEvent): JsonObject {
  return JSON.parse(JSON.stringify(event, (key, value) => (key === 'place' && value ? plainPlace(value) : value)))
}

function plainPlace(place: Span): JsonObject {
  const { line, column } = positionAt(place.file, place.start)
  return { path: place.file.path, line, column }
}
