/** The phone page that shows the same thing as a console address. */
export function phoneTwin(path: string): string {
  const incident = /^\/app\/incidents\/([^/]+)$/.exec(path)
  return incident ? `/m/i/${incident[1]}` : '/m'
}
