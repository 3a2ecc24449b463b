import { expect } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { generateQueries, ORACLE_TABLES } from './generated-queries.ts'
import { askTheData } from './oracle.ts'

/**
 * That no output of these queries, nor of 250 generated ones, changes with a column that its lineage does not claim, and
 * that the engine says something of each. The connection has the oracle's tables.
 */
export async function expectNoMiss(connection: Connection, written: readonly string[]): Promise<void> {
  const queries = [...written, ...generateQueries(250, 4)]
  const { misses, unknown, claimed, shown } = await askTheData(connection, ORACLE_TABLES, queries, 4)
  expect({ misses, unknown }).toEqual({ misses: [], unknown: [] })
  // The data must have had something to say.
  expect(shown).toBeGreaterThan(claimed / 2)
}
