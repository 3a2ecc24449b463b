import { isCandidateIdentifier } from '../../sql/candidate-name.ts'
import { relationsOf } from './project.ts'
import { nameOf, type Standing } from './standing.ts'

/** What must hold whenever nobody writes. */
export const INVARIANTS = {
  whole: 'every relation holds one version, and each row of it',
  'last or next': 'the version is the last or the next one, as the step says that the run had reached',
  'one run': 'all published relations belong to one run, which is recorded as published',
  'exactly once': 'each publication has written its row of the journal and of the runs once',
  names: 'what is published is what the version has, nothing more and nothing less',
  state: 'rows and watermarks of the state are those of the tables',
  retained: 'the kept versions are those of the last publications',
  candidates: 'every candidate that stands bears the mark of a recorded run, and none outlives the next start',
  readers: 'readers saw only whole versions, and never an older one after a newer one',
  told: 'a run says that it published exactly if it did, and calls nothing a defect',
  'full refresh': 'all rows are those of a database that was built once and whole',
} as const

export type Invariant = keyof typeof INVARIANTS

/** An invariant that does not hold, and what was found instead. */
export class Violation extends Error {
  readonly invariant: Invariant

  constructor(invariant: Invariant, found: string) {
    super(`${invariant}: ${found}`)
    this.invariant = invariant
  }
}

/** Throws a `Violation` for the first that does not hold. Returns the version that stands. */
export function checkStanding(
  standing: Standing,
  schema: string,
  expected: {
    readonly versions: readonly number[]
    readonly candidates: 'none' | 'of one run' | 'recorded'
    /** What the runs before this look told, for the message. */
    readonly told: () => string
  },
): number {
  const { vector } = standing
  const [version = -1] = vector
  demand('whole', new Set(vector).size === 1, () => `the vector is ${vector.join(' ')}`)
  demand('last or next', expected.versions.includes(version), () => {
    return `version ${version} stands, expected ${expected.versions.join(' or ')} after ${expected.told()}`
  })
  checkRun(standing)
  const counted = Array.from({ length: version }, (_, index) => index + 1)
  demand('exactly once', standing.journal.join() === counted.join(), () => {
    return `version ${version} with the journal ${standing.journal.join(' ')}`
  })
  demand('exactly once', standing.publishedRuns.length === version, () => {
    return `version ${version} with ${standing.publishedRuns.length} runs that published`
  })
  checkNames(standing, schema, version)
  checkState(standing)
  const kept = counted.slice(-3, -1).reverse()
  demand('retained', standing.retained.join() === kept.join(), () => {
    return `version ${version} with the kept versions ${standing.retained.join(' ')}`
  })
  checkCandidates(standing, expected.candidates)
  return version
}

function checkRun({ recorded, publishedRuns }: Standing): void {
  const runs = [...new Set(recorded.map(({ runId }) => runId))]
  demand('one run', runs.length === 1, () => `relations of the runs ${runs.join(', ')}`)
  demand('one run', publishedRuns.includes(runs[0] ?? ''), () => `run ${runs[0]} is not recorded as published`)
}

function checkNames({ existing, recorded }: Standing, schema: string, version: number): void {
  const label = ({ name, kind }: { readonly name: string; readonly kind: string }) => `${kind} ${name}`
  const expected = relationsOf(version, schema).map((relation) => `${relation.kind} ${nameOf(relation)}`)
  const known = recorded.map(label)
  demand(
    'names',
    sorted(known) === sorted(expected),
    () => `the state has ${sorted(known)}, expected ${sorted(expected)}`,
  )
  const own = existing.filter(({ identifier }) => identifier !== 'journal' && !identifier.includes('__lavra_'))
  const found = own.map(label)
  demand('names', sorted(found) === sorted(expected), () => `there are ${sorted(found)}, expected ${sorted(expected)}`)
}

function checkState({ recorded, measured }: Standing): void {
  for (const { name, kind, rows, watermark } of recorded) {
    if (kind === 'view') continue
    const real = measured.get(name)
    demand('state', real?.rows === rows && real?.watermark === watermark, () => {
      return `${name}: recorded ${rows} rows and ${watermark}, there are ${real?.rows} and ${real?.watermark}`
    })
  }
}

function checkCandidates({ existing, candidateMarks }: Standing, expected: 'none' | 'of one run' | 'recorded'): void {
  const left = existing.map(({ identifier }) => identifier).filter(isCandidateIdentifier)
  const marks = new Set(left.map((identifier) => /__lavra_([0-9a-f]{8})/.exec(identifier)?.[1] ?? ''))
  const unrecorded = [...marks].filter((mark) => !candidateMarks.includes(mark))
  demand('candidates', unrecorded.length === 0, () => `nobody will sweep ${left.join(', ')}`)
  if (expected === 'of one run') demand('candidates', marks.size <= 1, () => `two runs left ${left.join(', ')}`)
  if (expected === 'none') {
    const recorded = candidateMarks.map((mark) => `a record of ${mark}`)
    demand(
      'candidates',
      left.length + recorded.length === 0,
      () => `there are still ${[...left, ...recorded].join(', ')}`,
    )
  }
}

/** Vectors that one reader saw, in order, as numbers with blanks between. The last may be cut off by a kill. */
export function checkSeen(seen: readonly string[], allowed: { readonly errors: boolean }): void {
  const length = seen[0]?.split(' ').length
  let newest = 0
  for (const line of seen) {
    if (line.startsWith('error')) {
      demand('readers', allowed.errors, () => line)
      continue
    }
    const vector = line.split(' ').map(Number)
    if (vector.length !== length) continue
    demand('readers', new Set(vector).size === 1, () => `a reader saw ${line}`)
    const [version = 0] = vector
    demand('readers', version >= newest, () => `a reader saw version ${version} after ${newest}`)
    newest = version
  }
}

export function checkSameRows(
  found: ReadonlyMap<string, readonly string[]>,
  expected: ReadonlyMap<string, readonly string[]>,
): void {
  for (const [name, rows] of expected) {
    const own = found.get(name) ?? []
    demand('full refresh', own.join('\n') === rows.join('\n'), () => {
      const missing = rows.filter((row) => !own.includes(row)).slice(0, 3)
      const surplus = own.filter((row) => !rows.includes(row)).slice(0, 3)
      return `${name} lacks ${missing.join('; ') || 'nothing'} and has ${surplus.join('; ') || 'nothing'} too much`
    })
  }
}

export function demand(invariant: Invariant, holds: boolean, found: () => string): void {
  if (!holds) throw new Violation(invariant, found())
}

function sorted(names: readonly string[]): string {
  return [...names].sort().join(', ')
}
