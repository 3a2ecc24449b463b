import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { type SourceFile, type Span, span } from '../../text/source-file.ts'

export function emptyFile(file: SourceFile): Diagnostic {
  return problem('seed-empty', `The seed file "${file.path}" is empty.`, {
    place: span(file, 0),
    hint: 'its first line names the columns',
  })
}

export function emptyFirstLine(file: SourceFile): Diagnostic {
  return problem('seed-header', `The first line of the seed file "${file.path}" is empty.`, {
    place: span(file, 0),
    hint: 'take it out: the first line names the columns',
  })
}

export function emptyHeader(place: Span, index: number): Diagnostic {
  return problem('seed-header', `Column ${index + 1} of the seed has no name.`, {
    place,
    hint: 'name it in the first line, or take out the delimiter that is too many',
  })
}

export function duplicateHeader(name: string, place: Span, first: Span): Diagnostic {
  return problem('seed-header', `The seed has two columns named "${name}".`, {
    place,
    related: [{ message: 'the first one is here', place: first }],
    hint: 'names are compared without regard to case; rename one of them',
  })
}

export function raggedRow(details: { place: Span; row: number; found: number; expected: number }): Diagnostic {
  const { place, row, found, expected } = details
  const fields = found === 1 ? '1 field' : `${found} fields`
  return problem('seed-ragged-row', `Row ${row} of the seed has ${fields}, but the header has ${expected}.`, {
    place,
    hint: found > expected ? 'put a value that holds the delimiter in double quotes' : 'add the missing delimiters',
  })
}

export function unclosedQuote(place: Span): Diagnostic {
  return problem('seed-quote', 'This double quote is never closed.', {
    place,
    hint: 'close it, or write a quote that belongs to the value twice: ""',
  })
}

/** Engines read this in three ways: with the space and the quotes, with the space alone, and with neither. */
export function spaceBeforeQuote(place: Span): Diagnostic {
  return problem('seed-quote', 'There is a space between the delimiter and a double quote.', {
    place,
    hint: 'take the space out, or put it inside the quotes',
  })
}

export function textAfterQuote(place: Span): Diagnostic {
  return problem('seed-quote', 'There is text between a closing quote and the next delimiter.', {
    place,
    hint: 'write a quote that belongs to the value twice: ""',
  })
}

export function badEncoding(details: { path: string; byteOffset: number; line: number; isUtf16: boolean }): Diagnostic {
  const { path, byteOffset, line, isUtf16 } = details
  return problem('seed-encoding', `The seed file "${path}" is not UTF-8: line ${line}, at byte offset ${byteOffset}.`, {
    hint: isUtf16 ? 'it looks like UTF-16: save it as UTF-8' : 'it may be Latin-1 or Windows-1252: save it as UTF-8',
  })
}

export function valueDoesNotFit(details: { place: Span; value: string; column: string; type: string }): Diagnostic {
  const { place, value, column, type } = details
  return problem('seed-value', `The value "${value}" of column "${column}" is not of type ${type}.`, {
    place,
    hint: /^(date|timestamp)/i.test(type)
      ? 'write dates as 2020-02-03 and times as 2020-02-03 14:00:00'
      : `correct the value, or declare another type for "${column}" under column_types`,
  })
}

export function unreadable(path: string, reason: string): Diagnostic {
  return problem('seed-unreadable', `The seed file "${path}" cannot be read: ${reason}`)
}

export function typeOfNothing(name: string, seed: string, place: Span, columns: readonly string[]): Diagnostic {
  return problem(
    'seed-column-type',
    `There is a type for the column "${name}", which the seed "${seed}" does not have.`,
    {
      place,
      hint: didYouMean(name, columns) ?? `it has ${columns.join(', ')}`,
    },
  )
}
