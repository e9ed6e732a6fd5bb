// A peer: @octokit/webhooks behind Node's own server, as its README has it.
import { createServer } from "node:http";
import { Webhooks, createNodeMiddleware } from "@octokit/webhooks";

const { PORT: port, WEBHOOK_SECRET: secret } = process.env;
const webhooks = new Webhooks({ secret });
webhooks.on("issue_comment.created", () => {});
createServer(createNodeMiddleware(webhooks, { path: "/webhooks/hub" })).listen(Number(port), "127.0.0.1");
