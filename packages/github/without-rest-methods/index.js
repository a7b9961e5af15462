/** In place of a method for each of GitHub's operations, none of which is called here: requests name their route. */
export function restEndpointMethods() {
  return {};
}
