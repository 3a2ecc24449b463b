import { TEST_ENGINES, type TestEngine } from '../engines.ts'

const NAMES: readonly TestEngine['name'][] = ['duckdb', 'postgres']

/** The engines that the properties of whole runs are tried on. */
export const PROPERTY_ENGINES = TEST_ENGINES.filter(({ name }) => NAMES.includes(name))
