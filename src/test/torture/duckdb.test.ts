import { duckdb } from './duckdb/engine.ts'
import { shortForm } from './short-form.ts'

shortForm(duckdb, { kills: 110, turns: 4 })
