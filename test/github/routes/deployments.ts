import { type Call, type Handlers, notFound, numberOf, paged, textOf, unprocessable } from '../call.ts';
import type { Deployment, DeploymentStatus } from '../state.ts';

export const DEPLOYMENT_ROUTES: Handlers = {
  'repos/list-deployments': (call) => {
    const environment = call.query.get('environment');
    const found = call.state.deployments.filter((each) => environment === null || each.environment === environment);
    return paged(call, found.toReversed().map(deploymentView));
  },
  'repos/create-deployment': (call) => {
    const { state, caller, body } = call;
    const ref = textOf(call, 'ref');
    const sha = state.refs.get(`heads/${ref}`) ?? (state.commits.has(ref) ? ref : undefined);
    if (sha === undefined) return unprocessable(`No ref found for: ${ref}`);
    const description = body['description'] === undefined ? null : textOf(call, 'description');
    const environment = String(body['environment'] ?? 'production');
    const made = { id: state.nextId(), ref, sha, environment, description, creator: caller, statuses: [] };
    state.deployments.push(made);
    return { status: 201, data: deploymentView(made) };
  },
  'repos/list-deployment-statuses': (call) =>
    withDeployment(call, ({ statuses }) => paged(call, statuses.toReversed().map(statusView))),
  'repos/create-deployment-status': (call) =>
    withDeployment(call, ({ statuses }) => {
      const made = {
        id: call.state.nextId(),
        state: textOf(call, 'state'),
        description: textOf(call, 'description'),
        creator: call.caller,
        logUrl: textOf(call, 'log_url'),
        environmentUrl: textOf(call, 'environment_url'),
      };
      statuses.push(made);
      return { status: 201, data: statusView(made) };
    }),
};

function withDeployment(call: Call, work: (deployment: Deployment) => ReturnType<typeof paged>) {
  const found = call.state.deployments.find(({ id }) => id === numberOf(call, 'deployment_id'));
  return found ? work(found) : notFound();
}

function deploymentView({ id, ref, sha, environment, description, creator }: Deployment) {
  return {
    id,
    ref,
    sha,
    environment,
    original_environment: environment,
    description,
    creator,
    task: 'deploy',
    payload: {},
  };
}

function statusView({ id, state, description, creator, logUrl, environmentUrl }: DeploymentStatus) {
  return { id, state, description, creator, log_url: logUrl, environment_url: environmentUrl };
}
