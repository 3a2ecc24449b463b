import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import type { RunEvent } from '../events/events.ts'
import { isTold } from './levels.ts'
import { describeCount } from './numbers.ts'
import { type Paint, painter } from './paint.ts'
import type { ReporterOptions } from './reporter-options.ts'
import { describePublication, wordsOf } from './words.ts'

type PublicationEvent = Parameters<typeof describePublication>[0]

/** Turns events into the text to print, remembering what the summary at the end says again. */
export class TextLines {
  readonly #options: Pick<ReporterOptions, 'color' | 'level' | 'prints'>
  readonly #paint: Paint
  readonly #problems: Diagnostic[] = []
  readonly #publication: PublicationEvent[] = []
  #endsWithBlankLine = false

  constructor(options: Pick<ReporterOptions, 'color' | 'level' | 'prints'>) {
    this.#options = options
    this.#paint = painter(options.color)
  }

  /** The lines of an event with their final newline; empty when it is not to be printed. */
  of(event: RunEvent): string {
    this.#remember(event)
    if (!isTold(event, this.#options)) return ''
    const words = wordsOf(event, this.#options.color)
    if (words === undefined) return ''
    const before = event.kind === 'run-finished' ? `${this.#endsWithBlankLine ? '' : '\n'}${this.#summary()}` : ''
    this.#endsWithBlankLine = words.endsWith('\n')
    return `${before}${words}\n`
  }

  #remember(event: RunEvent): void {
    if (event.kind === 'node-finished') this.#problems.push(...event.outcome.diagnostics)
    if (event.kind === 'hook-finished' && event.diagnostic) this.#problems.push(event.diagnostic)
    if (event.kind === 'published' || event.kind === 'not-published' || event.kind === 'held-back') {
      this.#publication.push(event)
    }
  }

  /** All problems of the run once more, and below them what became of the publication. */
  #summary(): string {
    if (this.#problems.length === 0) return ''
    const { color } = this.#options
    const blocks = this.#problems.map((diagnostic) => formatDiagnostic(diagnostic, { color }))
    const heading = this.#paint('bold', `${describeCount(blocks.length, 'problem')}:`)
    return `${heading}\n\n${blocks.join('\n\n')}\n\n${this.#outcome()
      .map((line) => `${line}\n`)
      .join('')}`
  }

  /** What became of the publication; where each node was published by itself, only how many relations it came to. */
  #outcome(): readonly string[] {
    const published = this.#publication.filter((event) => event.kind === 'published')
    if (published.length < 2) return this.#publication.map((event) => describePublication(event, this.#paint))
    const relations = published.reduce((sum, event) => sum + event.relations.length, 0)
    return [this.#paint('bold', `Published ${describeCount(relations, 'relation')}`)]
  }
}
