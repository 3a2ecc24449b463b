import { createHash } from 'node:crypto'
import type { Relation } from './relation.ts'

/**
 * Names of the relations that a run makes beside the published ones: `orders__lavra_3f9a1c2b`, and with a purpose
 * `orders__lavra_3f9a1c2b_delta`. The mark is one no user's relation bears, and the eight digits are the run's.
 */
const MARK = /__lavra_([0-9a-f]{8})(?:_[a-z]+)?$/

/** The eight hexadecimal digits that mark everything a run makes. */
export function runMark(runId: string): string {
  return createHash('sha256').update(runId).digest('hex').slice(0, 8)
}

/** Names a candidate so that it fits `maxBytes`; what is cut is replaced by a hash, so different names stay different. */
export function candidateIdentifier(identifier: string, mark: string, maxBytes: number, purpose?: string): string {
  const suffix = `__lavra_${mark}${purpose ? `_${purpose}` : ''}`
  return fitIdentifier(identifier, maxBytes - Buffer.byteLength(suffix)) + suffix
}

/** The relation as this run's candidate (or, with a purpose, as a further relation of it): the same with `physical` set. */
export function candidateOf(relation: Relation, mark: string, maxBytes: number, purpose?: string): Relation {
  return { ...relation, physical: candidateIdentifier(relation.identifier, mark, maxBytes, purpose) }
}

/** A text of the engine with published names for those of candidates that are not cut. */
export function withoutMarks(message: string): string {
  return message.replace(/__lavra_[0-9a-f]{8}(?:_[a-z]+)?/g, '')
}

/** Whether a name bears the mark of candidates. */
export function isCandidateIdentifier(identifier: string): boolean {
  return MARK.test(identifier)
}

/** Whether a name is one that the run of this mark gave to what it made. */
export function isCandidateOf(mark: string, identifier: string): boolean {
  return MARK.exec(identifier)?.[1] === mark
}

/** The identifier, or its first characters and a hash of the whole where it takes more than `maxBytes` of UTF-8. */
export function fitIdentifier(identifier: string, maxBytes: number): string {
  if (Buffer.byteLength(identifier) <= maxBytes) return identifier
  const hash = `_${createHash('sha256').update(identifier).digest('hex').slice(0, 8)}`
  const room = maxBytes - hash.length
  let cut = ''
  for (const character of identifier) {
    if (Buffer.byteLength(cut + character) > room) break
    cut += character
  }
  return cut + hash
}
