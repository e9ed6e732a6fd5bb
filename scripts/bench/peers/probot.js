// A peer: a Probot app that listens to comments, with its log at errors only.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const { PORT: port, WEBHOOK_SECRET: secret } = process.env;
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const probot = createProbot({ overrides: { appId: 1, privateKey, secret, logLevel: "error" } });
const app = (listener) => listener.on("issue_comment.created", async () => {});
const middleware = await createNodeMiddleware(app, { probot, webhooksPath: "/webhooks/hub" });
createServer(middleware).listen(Number(port), "127.0.0.1");
