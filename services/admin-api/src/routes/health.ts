import * as z from "zod";
import { HealthReport } from "../health-report.ts";
import { defineRoute } from "../route.ts";

export const getHealth = defineRoute({
  method: "get",
  path: "/api/v1/health",
  id: "getHealth",
  summary: "Every layer and every service, and which layer fails first",
  scope: "read",
  query: z.strictObject({}),
  response: HealthReport,
  handle: ({ services }) => services.health.report(),
});
