/** Anything that fits into a jsonb column, a timeline entry or an answer. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
