import type { RunEvent } from '../events/events.ts'
import { positionAt, type Span } from '../text/source-file.ts'
import type { JsonObject } from '../util/json.ts'
import { isTold, levelOf } from './levels.ts'
import { describeCount } from './numbers.ts'
import type { Reporter, ReporterOptions } from './reporter-options.ts'
import { describeNode, wordsOf } from './words.ts'

/**
 * One JSON object a line, in the form of dbt's JSON log: `info` says when, how grave and in words, `data` is the event.
 * Places are `{path, line, column}`, counted from 1.
 */
export function jsonReporter(options: Pick<ReporterOptions, 'stream' | 'level' | 'prints' | 'now'>): Reporter {
  let runId: string | undefined
  return {
    emit(event) {
      if (event.kind === 'run-started') runId = event.run.runId
      if (!isTold(event, options)) return
      const info = {
        level: levelOf(event),
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
