import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { positionAt, type SourceFile, type Span } from '../text/source-file.ts'
import type { LintedFile } from './linted-files.ts'
import { type Allowance, readAllowances } from './read-allowances.ts'
import type { Rule } from './rule.ts'

/** What may be wrong with such a comment. */
export const ALLOWANCE_LINTS: readonly Omit<Rule, 'find'>[] = [
  { code: 'allow-unknown', severity: 'warning', summary: 'A comment allows a lint that there is not.' },
  { code: 'allow-unused', severity: 'warning', summary: 'A comment allows what is not there.' },
  { code: 'allow-without-reason', severity: 'warning', summary: 'A comment allows something and does not say why.' },
]

/** The comments that allow what rules find, and which of them did. */
export class Allowances {
  readonly #files: readonly LintedFile[]
  readonly #read = new Map<string, readonly Allowance[]>()
  readonly #used = new Set<Span>()

  constructor(files: readonly LintedFile[]) {
    this.#files = files
  }

  /** Whether a comment at one of the places, or at the top of one of the files, allows a finding of this code. */
  allow(code: string, where: { readonly at: readonly Span[]; readonly files: readonly SourceFile[] }): boolean {
    const atLine = where.at.flatMap((place) => {
      const { line } = positionAt(place.file, place.start)
      return this.#of(place.file).filter((each) => each.line === line)
    })
    const atTop = where.files.flatMap((file) => this.#of(file).filter((each) => each.line === undefined))
    const found = [...atLine, ...atTop].flatMap(({ codes }) => codes.filter((each) => each.code === code))
    for (const { place } of found) this.#used.add(place)
    return found.length > 0
  }

  /** What is wrong with the comments: they lack a reason, name no lint, or allow nothing that is there. */
  problems(known: readonly string[], isOn: (code: string) => boolean): readonly Diagnostic[] {
    return this.#files.flatMap(({ file, isSeen }) =>
      this.#of(file).flatMap((allowance) => {
        const { codes, reason } = allowance
        if (codes.length === 0) return [allowsNothing(allowance)]
        const unknown = codes.filter(({ code }) => !known.includes(code))
        const idle = codes.filter((each) => !unknown.includes(each) && isOn(each.code) && !this.#used.has(each.place))
        const problems = [
          ...unknown.map((each) => allowsUnknown(each, known)),
          ...(isSeen ? idle.map(allowsUnused) : []),
        ]
        // What allows nothing needs no reason either.
        return problems.length === 0 && reason === '' ? [allowsWithoutReason(allowance)] : problems
      }),
    )
  }

  #of(file: SourceFile): readonly Allowance[] {
    const known = this.#read.get(file.path)
    if (known) return known
    const read = readAllowances(file)
    this.#read.set(file.path, read)
    return read
  }
}

function allowsWithoutReason({ place, codes }: Allowance): Diagnostic {
  return {
    code: 'allow-without-reason',
    severity: 'warning',
    place,
    message: `It is not said why ${codes.map(({ code }) => `"${code}"`).join(' and ')} is allowed here.`,
    hint: 'write the reason after the code',
  }
}

function allowsUnknown({ code, place }: Allowance['codes'][number], known: readonly string[]): Diagnostic {
  return {
    code: 'allow-unknown',
    severity: 'warning',
    place,
    message: `There is no lint "${code}" that could be allowed.`,
    hint: didYouMean(code, known) ?? `the lints are ${known.join(', ')}`,
  }
}

function allowsNothing({ place }: Allowance): Diagnostic {
  return {
    code: 'allow-unknown',
    severity: 'warning',
    place,
    message: 'It is not said what is allowed here.',
    hint: 'write "lavra: allow", the code of a lint and the reason',
  }
}

function allowsUnused({ code, place }: Allowance['codes'][number]): Diagnostic {
  return {
    code: 'allow-unused',
    severity: 'warning',
    place,
    message: `There is no "${code}" here that could be allowed.`,
    hint: 'take the comment out',
  }
}
