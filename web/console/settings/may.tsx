import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { PersonRow } from '../../../src/contract.ts'
import type { Need, Role } from '../../../src/platform/access.ts'
import { meQuery, peopleQuery } from '../api/queries.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'

const rolesOf = (need: Need): readonly Role[] => (need.who === 'staff' ? need.roles : [])

/** Asked by the same table that guards the doors; `undefined` until it is known who is signed in. */
export function useMay(need: Need): boolean | undefined {
  const role = useQuery(meQuery).data?.person.role
  return role && rolesOf(need).includes(role)
}

/** Who can help: the people by name where they are known, their roles otherwise. */
function useWhoMay(need: Need): { people: PersonRow[]; names: string; roles: string } {
  const { t } = useWords()
  const s = useSetupWords()
  const people = (useQuery(peopleQuery).data ?? []).filter((person) => rolesOf(need).includes(person.role) && !person.away)
  const names = people.map((person) => s('may.person', { name: person.name, role: t(`role.${person.role}`) })).join(t('list'))
  const roles = rolesOf(need)
    .map((role) => t(`role.${role}`))
    .join(t('list'))
  return { people, names, roles }
}

/** The page for those who may see it; the others learn whom to ask (ux §12). */
export function OnlyFor({ need, children }: { need: Need; children: ReactNode }) {
  const s = useSetupWords()
  const may = useMay(need)
  const { people, names, roles } = useWhoMay(need)
  if (may === undefined) return null
  if (may) return children
  return (
    <section className="problem" role="alert">
      <h2>{s('may.title')}</h2>
      <p>{s('may.safe')}</p>
      <p>{names ? s('may.askNames', { names }) : s('may.askRoles', { roles })}</p>
      <p>
        {people.map((person) => {
          const address = person.phone ? `tel:${person.phone}` : person.email ? `mailto:${person.email}` : undefined
          return (
            address && (
              <Button key={person.id} href={address}>
                {s('may.reach', { name: person.name })}
              </Button>
            )
          )
        })}
      </p>
    </section>
  )
}

/** For pages that all may look at: whom to ask for a change. */
export function AskForChange({ need }: { need: Need }) {
  const s = useSetupWords()
  const may = useMay(need)
  const { names, roles } = useWhoMay(need)
  if (may !== false) return null
  return <p className="mute">{names ? s('may.changeNames', { names }) : s('may.changeRoles', { roles })}</p>
}
