// Sends prepared deliveries and prints how long each answer took, in ms: `node send.js ADDRESS FILE CONNECTIONS|N/s`
// FILE has one delivery to a line: {"headers": {…}, "body": "…"}. With connections, each sends its next delivery
// when it has its answer (autocannon). With a rate, a delivery leaves when its time has come, whatever the others
// do.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import autocannon from "autocannon";

const [address, file, how] = process.argv.slice(2);
const deliveries = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const times = [];
const answers = {};
let last = 0;
const count = (status, milliseconds) => {
  times.push(milliseconds);
  answers[status] = (answers[status] ?? 0) + 1;
  last = performance.now();
};

function asManyAsItTakes(connections) {
  let next = 0;
  const setupRequest = (prepared) => ({ ...prepared, ...deliveries[next++ % deliveries.length] });
  const requests = [{ method: "POST", setupRequest }];
  const sending = autocannon({ url: address, connections, amount: deliveries.length, requests, timeout: 60 });
  sending.on("response", (_client, status, _bytes, milliseconds) => count(status, milliseconds));
  return sending;
}

function send(agent, { headers, body }) {
  const left = performance.now();
  return new Promise((answered, failed) => {
    const outgoing = request(address, { agent, method: "POST", headers }, (answer) => {
      answer.resume().on("end", () => answered(count(answer.statusCode, performance.now() - left)));
    });
    outgoing.on("error", failed).end(body);
  });
}

function atTheRate(each) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const start = performance.now() + 100;
  const timed = deliveries.map(async (delivery, number) => {
    const due = start + (number * 1000) / each;
    await new Promise((now) => setTimeout(now, due - performance.now()));
    return send(agent, delivery);
  });
  return Promise.all(timed).finally(() => agent.destroy());
}

const began = performance.now();
await (how.endsWith("/s") ? atTheRate(parseFloat(how)) : asManyAsItTakes(Number(how)));
const seconds = (last - began) / 1000;
process.stdout.write(JSON.stringify({ seconds, times, answers }));
