// Stands in for @actions/http-client below @actions/core, which uses it for OIDC tokens alone. The real one brings undici:
// 700 KB, and a third of the time an action needs to start. See docs/decisions/without-oidc.md.

/** OIDC tokens are not used here; whoever begins to must remove the override in pnpm-workspace.yaml. */
export class HttpClient {
  constructor() {
    throw new Error(
      'OIDC is not part of this bundle: remove the override of @actions/http-client in pnpm-workspace.yaml',
    );
  }
}

export class BearerCredentialHandler {}
