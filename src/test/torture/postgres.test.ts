import { postgres } from './postgres/engine.ts'
import { shortForm } from './short-form.ts'

shortForm(postgres, { kills: 44, turns: 2 })
