import { createContext, useContext } from 'react'

export const ReportContext = createContext<() => void>(() => undefined)
/** Opens the drawer in which an incident is reported by hand. */
export const useReport = () => useContext(ReportContext)
