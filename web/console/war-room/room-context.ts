import { createContext, useContext } from 'react'
import type { MessageKind } from '../../../src/incidents/timeline.ts'
import type { WarRoomView } from '../../../src/incidents/view.ts'
import type { DoAct, Upload } from '../api/use-act.ts'

/** The dialogs of the room; one at a time. */
export type Dialog =
  | 'cannot'
  | 'evidence'
  | 'exception'
  | 'help'
  | 'hand-over'
  | 'note'
  | 'severity'
  | 'resolve'
  | 'reopen'
  | 'send'
  | 'postpone'
  | 'history'

export type RoomParts = {
  view: WarRoomView
  doAct: DoAct
  busy: boolean
  upload: (upload: Upload) => void
  uploading: boolean
  open: (dialog: Dialog | undefined) => void
  /** Which message the composer shows; `tell(undefined)` leaves the choice to the state of things. */
  telling: MessageKind
  tell: (kind: MessageKind | undefined) => void
}

export const RoomContext = createContext<RoomParts | undefined>(undefined)

export function useRoom(): RoomParts {
  const room = useContext(RoomContext)
  if (!room) throw new Error('useRoom works inside a war room')
  return room
}
