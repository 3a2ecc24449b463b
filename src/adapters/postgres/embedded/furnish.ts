import type { Vocabulary } from '../../../sql/vocabulary.ts'
import { type Connection, DatabaseError } from '../../adapter.ts'
import type { Furnishing, Refused } from '../../furnishing.ts'
import { quote } from '../literals.ts'

/**
 * Makes extensions, of which some are available, types and collations, then relations by `makeRelations`, which may have
 * those types, then functions, which may take rows of those relations. Functions are made to be bound, not to be called.
 */
export async function furnish(
  connection: Connection,
  vocabulary: Vocabulary,
  available: ReadonlySet<string>,
  makeRelations: (lacking: readonly string[]) => Promise<void>,
): Promise<Furnishing> {
  const { extensions, types, functions, collations } = vocabulary
  const lacking: string[] = []
  for (const { name, schema } of extensions) {
    const isThere = available.has(name) && !(await refusal(connection, createExtension(name, schema)))
    if (!isThere) lacking.push(name)
  }
  const refused: Refused[] = []
  const makeAll = async (list: Refused['list'], statements: readonly string[]) => {
    for (const [index, sql] of statements.entries()) {
      const error = await refusal(connection, `${createSchemaFor(sql)}${sql}`)
      if (error) refused.push({ list, index, error })
    }
  }
  await makeAll('types', types)
  await makeAll(
    'collations',
    collations.map((name) => `create collation if not exists ${name} from "C"`),
  )
  await makeRelations(lacking)
  // What they do is not looked at.
  await connection.execute('set check_function_bodies = off')
  await makeAll('functions', functions.map(createFunction))
  return { lacking, refused }
}

async function refusal(connection: Connection, sql: string): Promise<DatabaseError | undefined> {
  try {
    await connection.execute(sql)
    return undefined
  } catch (error) {
    if (error instanceof DatabaseError) return error
    throw error
  }
}

function createExtension(name: string, schema: string): string {
  const place = schema.startsWith('pg_') ? '' : `create schema if not exists ${quote(schema)};\n`
  return `${place}create extension if not exists ${quote(name)} schema ${quote(schema)} cascade`
}

/** An aggregate is made with a function of its own, which would go from one row to the next. */
function createFunction(signature: string): string {
  const aggregate = /^aggregate (.*?)\((.*)\) returns (.*)$/s.exec(signature)
  if (!aggregate) return `create function ${signature} language plpgsql as 'begin end'`
  const [, name = '', taken = '', type = ''] = aggregate
  const state = `${name.replace(/"?$/, (quote) => `_state${quote}`)}`
  const step = `create function ${state}(${[type, taken].filter((each) => each !== '').join(', ')}) returns ${type} language plpgsql as 'begin end'`
  return `${step};\ncreate aggregate ${name}(${taken === '' ? '*' : taken}) (sfunc = ${state}, stype = ${type})`
}

/** Makes the schema of what a statement makes, if it names one. */
function createSchemaFor(statement: string): string {
  const name = /^create (?:type|domain|function|collation if not exists) ("(?:[^"]|"")+"|[\w$]+)\./.exec(statement)?.[1]
  return name === undefined || name.startsWith('pg_') ? '' : `create schema if not exists ${name};\n`
}
