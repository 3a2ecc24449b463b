import { LiveBlock } from './live-block.ts'
import type { Reporter, ReporterOptions } from './reporter-options.ts'
import { TextLines } from './text-lines.ts'

const MILLISECONDS_BETWEEN_DRAWS = 100

/**
 * Lines as in a file, and below them a block of what runs now. A draw is one write: it takes the old block away, prints
 * what has happened and draws the new block, so that nothing flickers. Drawn at most ten times a second.
 */
export function liveReporter(options: ReporterOptions): Reporter {
  const lines = new TextLines(options)
  const block = new LiveBlock()
  const milliseconds = () => options.now().getTime()
  let unprinted = ''
  let height = 0
  let isClosed = false

  const write = (below: readonly string[]) => {
    const erase = height === 0 ? '' : `\u001b[${height}A\u001b[0J`
    const text = erase + unprinted + below.map((row) => `${row}\n`).join('')
    unprinted = ''
    height = below.length
    if (text !== '') options.stream.write(text)
  }
  const draw = () => write(block.draw(milliseconds(), options.width()))
  const timer = setInterval(draw, MILLISECONDS_BETWEEN_DRAWS)
  timer.unref()

  return {
    emit(event) {
      block.follow(event, milliseconds())
      unprinted += lines.of(event)
      // What ends a run must stand there even if the process ends before the next draw.
      if (isClosed || event.kind === 'run-finished' || event.kind === 'diagnostic') write([])
    },
    close() {
      isClosed = true
      clearInterval(timer)
      write([])
    },
  }
}
