/** Whether the gateway still wants traffic: what a load balancer asks before it sends any. */
export interface Lifecycle {
  isDraining: boolean;
}
