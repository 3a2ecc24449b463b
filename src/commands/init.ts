import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { projectTemplate } from './init-template.ts'

/** `lavra init <name>`: a small project that builds as it is, in a new folder. Never overwrites anything. */
export async function init(_flags: Flags, world: World, args: readonly string[]): Promise<ExitCode> {
  const name = args[0] ?? ''
  if (!/^[a-z][a-z0-9_]*$/i.test(name)) {
    throw new UserError(
      problem('project-name', `"${name}" cannot be the name of a project.`, {
        hint: 'start with a letter and use letters, digits and underscores',
      }),
    )
  }
  const folder = join(world.cwd, name)
  if (existsSync(folder)) {
    throw new UserError(
      problem('folder-exists', `The folder "${name}" is there already.`, { hint: 'choose another name, or remove it' }),
    )
  }
  for (const [path, text] of Object.entries(projectTemplate(name))) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  world.stdout.write(`Made the project "${name}". Next:\n\n  cd ${name}\n  lavra build\n`)
  return 0
}
