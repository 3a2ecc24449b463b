import { Dict, HostObject, hostFunction } from '../../template/index.ts'
import type { Names } from './names.ts'

/** Names of dbt's context that packages mention and that need nothing to answer. */
export const SMALL_NAMES: Names = {
  write: () => hostFunction('write', () => ''),
  validation: () => new Validation(),
  dbt_metadata_envs: () => new Dict(),
  invocation_args_dict: () => new Dict(),
  pre_hooks: () => [],
  post_hooks: () => [],
}

/** `validation.any[…]`: accepts every value, because the configuration's own schema has checked it. */
class Validation extends HostObject {
  readonly typeName = 'validation'

  override attr(name: string): unknown {
    return name === 'any' ? this : undefined
  }

  override names(): Iterable<string> {
    return ['any']
  }

  override item(): unknown {
    return hostFunction('validator', () => null)
  }
}
