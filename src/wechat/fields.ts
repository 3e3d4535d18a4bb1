import { type Instant, instant } from '../platform/time.ts'
import { isObject, type JsonObject } from './json.ts'

/** WeChat answered, but without something its documentation promises. The client turns this into a problem. */
export class UnexpectedAnswer extends Error {}

/** Text that must be there. Numbers are accepted: WeChat sends the same id as either. */
export function text(from: JsonObject, name: string): string {
  const value = from[name]
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new UnexpectedAnswer(`“${name}” is missing from the answer`)
}

export const textOrNull = (from: JsonObject, name: string): string | null => {
  const value = from[name]
  return value === undefined || value === null || value === '' || typeof value === 'object' ? null : String(value)
}

export const textOr = (from: JsonObject, name: string, otherwise = ''): string => textOrNull(from, name) ?? otherwise

export function number(from: JsonObject, name: string): number {
  const value = numberOrNull(from, name)
  if (value === null) throw new UnexpectedAnswer(`“${name}” is not a number in the answer`)
  return value
}

export function numberOrNull(from: JsonObject, name: string): number | null {
  const value = from[name]
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null
}

export const numberOr = (from: JsonObject, name: string, otherwise = 0): number => numberOrNull(from, name) ?? otherwise

/** 0/1, true/false and their texts; absent is false. */
export const flag = (from: JsonObject, name: string): boolean => {
  const value = from[name]
  return value === true || value === 1 || value === '1' || value === 'true'
}

/** Seconds since 1970, as WeChat gives moments. */
export function moment(from: JsonObject, name: string): Instant | null {
  const value = numberOrNull(from, name)
  return value === null || value <= 0 || value > 8.64e12 ? null : instant(value * 1000)
}

export const nested = (from: JsonObject, name: string): JsonObject => {
  const value = from[name]
  return isObject(value) ? value : {}
}

/** Objects of a list; a list WeChat leaves out, or sends as null, is an empty one. */
export const objects = (from: JsonObject, name: string): JsonObject[] => {
  const value = from[name]
  return Array.isArray(value) ? value.filter(isObject) : []
}

export const texts = (from: JsonObject, name: string): string[] => {
  const value = from[name]
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string' || typeof v === 'number').map(String) : []
}

export const numbers = (from: JsonObject, name: string): number[] => texts(from, name).map(Number)
