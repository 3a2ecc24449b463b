import { isAbsolute, join, relative, resolve } from 'node:path'
import { findProject as findProjectFolder } from '../config/find-project.ts'
import { loadProfile, type Profile } from '../config/profiles-file.ts'
import { type ProjectFile, readProjectFile } from '../config/project-file.ts'
import type { Flags, World } from './flags.ts'

/** Where a project is and what it is built on, before any file of its folders is read. */
export interface LocatedProject {
  /** Absolute path of the project folder. */
  readonly root: string
  readonly file: ProjectFile
  readonly profile: Profile
  /** Absolute path of the folder for artifacts, and how it is called in messages. */
  readonly targetPath: string
  readonly targetName: string
}

/** Reads the project file and the profile that the flags name. Throws `UserError`. */
export function locateProject(flags: Flags, world: World): LocatedProject {
  const { root, file } = findProject(flags, world)
  world.enterFolder?.(root)
  const profile = loadProfile({
    projectRoot: root,
    profileName: flags.profile ?? world.env.DBT_PROFILE ?? file.profile,
    environment: world.env,
    isOffline: flags.offline ?? false,
    ...(flags.profilesDir === undefined ? {} : { profilesDir: resolve(world.cwd, flags.profilesDir) }),
    ...targetName(flags, world),
  })
  for (const secret of profile.secrets) world.secrets?.add(secret)
  const targetPath = targetFolder(flags, world, root, file)
  return { root, file, profile, targetPath, targetName: relative(root, targetPath) || targetPath }
}

/** The project's folder and file, with nothing else read. */
export function findProject(flags: Flags, world: World): { readonly root: string; readonly file: ProjectFile } {
  const start = flags.projectDir === undefined ? world.cwd : resolve(world.cwd, flags.projectDir)
  const found = findProjectFolder(start, { exact: flags.projectDir !== undefined })
  return { root: found.root, file: readProjectFile(found.file, world.env) }
}

function targetName(flags: Flags, world: World): { readonly targetName?: string } {
  const name = flags.target ?? world.env.DBT_TARGET
  return name === undefined ? {} : { targetName: name }
}

function targetFolder(flags: Flags, world: World, root: string, file: ProjectFile): string {
  if (flags.targetPath !== undefined) return resolve(world.cwd, flags.targetPath)
  return isAbsolute(file.targetPath) ? file.targetPath : join(root, file.targetPath)
}
