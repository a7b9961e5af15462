export declare function restEndpointMethods(): object;
export type Api = object;
