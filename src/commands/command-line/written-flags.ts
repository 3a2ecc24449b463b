import type { Command } from 'commander'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Flags } from '../flags.ts'

/** What a command line says. */
export interface WrittenFlags {
  readonly flags: Flags
  /** Warnings about flags of dbt that ask for what is not done here. */
  readonly warnings: readonly Diagnostic[]
}

/** The flags before the command and those after it; of one that is given twice the later counts. */
export function writtenFlags(program: Command, command: Command): WrittenFlags {
  const options: Written = { ...program.opts<Written>(), ...command.opts<Written>() }
  const { model, models, select, resourceTypes, excludeResourceTypes, useColors, ...rest } = options
  const { logPath, recordTimingInfo, show, ...flags } = rest
  const selection = joined(select, models, model)
  const types = joined(flags.resourceType, resourceTypes)
  const excluded = joined(flags.excludeResourceType, excludeResourceTypes)
  return {
    flags: {
      ...flags,
      ...(selection ? { select: selection } : {}),
      ...(types ? { resourceType: types } : {}),
      ...(excluded ? { excludeResourceType: excluded } : {}),
      ...(useColors === undefined ? {} : { color: useColors }),
    },
    warnings: [
      ...(logPath === undefined ? [] : [withoutEffect('--log-path', 'Lavra writes no log file', KEEP_OUTPUT)]),
      ...(recordTimingInfo === undefined ? [] : [withoutEffect('--record-timing-info', 'Lavra writes no profile')]),
      ...(show === undefined ? [] : [withoutEffect('--show', 'a run shows no rows', 'use lavra show --select <node>')]),
    ],
  }
}

const KEEP_OUTPUT = 'to keep what is told, send the output to a file; --log-format json suits programs'

interface Written extends Flags {
  readonly model?: readonly string[]
  readonly models?: readonly string[]
  readonly resourceTypes?: readonly string[]
  readonly excludeResourceTypes?: readonly string[]
  readonly useColors?: boolean
  readonly logPath?: string
  readonly recordTimingInfo?: string
  readonly show?: boolean
}

function joined(...lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const all = lists.flatMap((list) => list ?? [])
  return all.length === 0 ? undefined : all
}

function withoutEffect(flag: string, reason: string, hint?: string): Diagnostic {
  return problem('flag-without-effect', `The flag ${flag} has no effect: ${reason}.`, {
    severity: 'warning',
    ...(hint === undefined ? {} : { hint }),
  })
}
