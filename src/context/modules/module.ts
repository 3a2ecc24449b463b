import { NamesObject } from '../objects/names-object.ts'

/** A module of Python as templates see it. */
export function module(name: string, members: Iterable<readonly [name: string, value: unknown]>): NamesObject {
  return new NamesObject(name, Object.fromEntries(members))
}
