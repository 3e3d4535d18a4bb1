import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

export function Security() {
  return (
    <>
      <TwoFactor />
      <Sessions />
    </>
  )
}
