/** A public key as a message names it: whole, so that it can be looked up and copied, but not the 2000 letters of a post-quantum one. */
export function shortRecipient(recipient: string): string {
  return recipient.length <= 100 ? `\`${recipient}\`` : `\`${recipient.slice(0, 24)}…${recipient.slice(-8)}\``;
}
