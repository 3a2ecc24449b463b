import {
  decideBy,
  derive,
  deriveFromRows,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_INPUTS,
  type Rows,
  takenBy,
} from './lineage-inputs.ts'

/** A column that numbers the rows of each group: `row_number() over (partition by … order by …)`. */
export interface Numbering {
  /** The column with the numbers. */
  readonly place: number
  /** Columns that the rows of a group have in common: made of nothing but what the rows are grouped by. */
  readonly groups: ReadonlySet<number>
  /** All of what the rows are grouped by, as columns; undefined where some of it is no column, or is not there any more. */
  readonly key: readonly number[] | undefined
  /** What the groups are made of. */
  readonly inputs: Inputs
  /** What the rows of a group are sorted by. */
  readonly order: Rows
  /**
   * What decides, when one number is asked for, from which row a column is taken: the sort keys up to it. `order` where a column
   * is not among them.
   */
  readonly choices: ReadonlyMap<number, Rows>
}

/** Where a column comes from. */
export interface Origin {
  readonly place: number
  /** The column that it is, under whatever name; undefined where it is none. */
  readonly from: number | undefined
  /** The columns that it is made of; undefined where it is made of something else as well. */
  readonly read: readonly number[] | undefined
}

/** The numbering of the same rows when they have these columns; none where the numbers are not among them. */
export function numberingThrough(numbering: Numbering, origins: readonly Origin[]): readonly Numbering[] {
  const moved = (wanted: number) => origins.find(({ from }) => from === wanted)?.place
  const place = moved(numbering.place)
  if (place === undefined) return []
  const key = (numbering.key ?? []).flatMap((wanted) => moved(wanted) ?? [])
  return [
    {
      ...numbering,
      place,
      groups: placesThrough(numbering.groups, origins),
      key: key.length === numbering.key?.length ? key : undefined,
      choices: new Map(origins.map((origin) => [origin.place, choiceOf(numbering, origin.read)])),
    },
  ]
}

/** The columns that are made of nothing but some. */
export function placesThrough(places: ReadonlySet<number>, origins: readonly Origin[]): ReadonlySet<number> {
  return new Set(origins.filter(({ read }) => read?.every((from) => places.has(from))).map(({ place }) => place))
}

/**
 * The numbering where nothing is seen beside the numbers but what is made of these columns. Sort keys that decide between rows
 * which are the same then decide nothing.
 */
export function seenBeside(numbering: Numbering, read: readonly (readonly number[] | undefined)[]): Numbering {
  const others = read.map((places) => places?.filter((place) => place !== numbering.place))
  return { ...numbering, order: mergeRows(others.map((places) => choiceOf(numbering, places))) }
}

/** What the numbers are made of. */
export function inputsOfNumbers({ inputs, order }: Numbering): Inputs {
  return derive(mergeInputs([inputs, deriveFromRows(order)]))
}

/** A filter that asks for the number of a row in its group, such as `row_number() over (…) = 1`. */
export interface NumberFilter {
  readonly numbering: Numbering
  /** Whether only one number is left, `= 1`: one row of each group at most. */
  readonly isOneEach: boolean
  /** The other columns that it compares. */
  readonly compared: readonly number[]
}

/**
 * The filter of these predicates, of which the columns that each compares are given; undefined where they compare something else
 * as well, or no number. `isOneNumber` tells whether a predicate is an equality of a column and a constant.
 */
export function numberFilterOf<Predicate>(
  numberings: readonly Numbering[],
  predicates: readonly { readonly predicate: Predicate; readonly read: readonly number[] | undefined }[],
  isOneNumber: (predicate: Predicate, place: number) => boolean,
): NumberFilter | undefined {
  const read = predicates.flatMap((one) => one.read ?? [])
  const numbering = numberings.find(({ place }) => read.includes(place))
  if (!numbering || predicates.some((one) => !one.read)) return undefined
  const { place } = numbering
  return {
    numbering,
    isOneEach: predicates.some(({ predicate }) => isOneNumber(predicate, place)),
    compared: read.filter((column) => column !== place),
  }
}

/** What a filter by numbers leaves. */
export interface NumberedRows {
  readonly rows: Rows
  readonly column: (place: number) => Inputs
  /** The columns of which no two rows have the same values any more. */
  readonly keys: readonly (readonly number[])[]
}

/**
 * What such a filter leaves. How many rows of each group have a number that is asked for does not depend on their order: that
 * only decides which ones, and so what is in the columns that a group has not in common.
 */
export function numberedRows(
  below: { readonly rows: Rows; readonly column: (place: number) => Inputs },
  { numbering, isOneEach, compared }: NumberFilter,
): NumberedRows {
  const grouped = decideBy('grouped', numbering.inputs)
  const filtered = compared.map((place) => takenBy(choiceOf(numbering, [place]), below.column(place)))
  return {
    rows: mergeRows([below.rows, grouped, decideBy('filtered', mergeInputs(filtered))]),
    column: (place) => {
      if (place !== numbering.place) return takenBy(choiceOf(numbering, [place]), below.column(place))
      return isOneEach ? NO_INPUTS : deriveFromRows(grouped)
    },
    keys: isOneEach && numbering.key ? [numbering.key] : [],
  }
}

function choiceOf({ order, choices, groups }: Numbering, read: readonly number[] | undefined): Rows {
  if (!read) return order
  return mergeRows(read.filter((place) => !groups.has(place)).map((place) => choices.get(place) ?? order))
}
