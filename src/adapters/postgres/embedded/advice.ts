import { DatabaseError } from '../../adapter.ts'

/** What is known of the names that the embedded Postgres does not know. */
export interface NamesBeyond {
  /** Extensions that the server has and that cannot be had here. */
  readonly extensions: ReadonlySet<string>
  /** Functions that are here: one of these with other arguments is a mistake at the server, too. */
  readonly functions: ReadonlySet<string>
}

/**
 * What a refusal of the embedded Postgres means: a function, type or relation that it does not know may be one that the server
 * knows. Where the server has extensions that are not to be had here, nobody can tell, and the refusal is `beyond`.
 */
export function adviser(known: NamesBeyond): (error: DatabaseError, state: string) => DatabaseError {
  return (error, state) => {
    const what = whatIsUnknown(error, state)
    const isHere = error.unknownName !== undefined && known.functions.has(error.unknownName)
    if (what === undefined || (what === 'function' && isHere)) return error
    const { message, title, position, unknownName, candidates, cause } = error
    const same = { message, title, position, unknownName, candidates, cause }
    if (what === 'relation') return new DatabaseError({ ...same, code: error.code, hint: error.hint ?? OF_RELATIONS })
    if (known.extensions.size === 0) return new DatabaseError({ ...same, code: error.code, hint: OF_NAMES })
    const names = [...known.extensions].map((name) => `"${name}"`).join(', ')
    const hint = `the server has ${names}, which cannot be had offline: check it without --offline`
    return new DatabaseError({ ...same, code: 'beyond', hint })
  }
}

const OF_NAMES = 'if the server has it, "lavra schema pull" makes it known offline'
const OF_RELATIONS =
  'offline, nothing is known of the database but its sources: declare it as one, and read it with "lavra schema pull"'

/** The messages are English: the embedded Postgres has no other language. */
function whatIsUnknown({ message }: DatabaseError, state: string): 'function' | 'object' | 'relation' | undefined {
  switch (state) {
    case '42883':
      return message.startsWith('function ') ? 'function' : undefined
    case '42704':
      return 'object'
    case '42P01':
      return message.startsWith('relation ') ? 'relation' : undefined
    case '3F000':
      return 'relation'
    default:
      return undefined
  }
}
