import type { QueryResult } from '../../sql/value.ts'

/** The parts of a stream; an interruption between two of them ends it, with its reason as the error. */
export async function* untilAborted(
  parts: AsyncIterable<QueryResult>,
  signal: AbortSignal,
): AsyncIterable<QueryResult> {
  for await (const part of parts) {
    signal.throwIfAborted()
    yield part
  }
}
