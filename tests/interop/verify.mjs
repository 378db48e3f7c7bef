// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks what a Comity dossier rests on with WebCrypto alone, as a browser could:
//
//     node verify.mjs [--quorum N] finding.json …
//
// every statement is signed by its member and stands in that member's log under a signed
// checkpoint; N other members cosigned it, or else every other regulator in the file; every
// question asked stood in the sealed bank; the transcript is the one the finding names. Not
// checked: the plan's numbers, the draw, the scores and what follows from them. Of a member that
// changed its keys, declared some stolen or asks for two officers it says "open", which is no
// verdict. One line of JSON a file.
//
//     node verify.mjs --ed25519 vectors.json
//
// says of each [key, message, signature] in hex whether it verifies under the one rule.

import { readFileSync } from "node:fs";

const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Refuted extends Error {
  constructor(place, message) {
    super(message);
    this.place = place;
  }
}
class Unreadable extends Error {}
class Open extends Error {}

function insist(holds, message) {
  if (!holds) throw new Error(message);
}

async function at(place, check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Refuted || error instanceof Open) throw error;
    throw new Refuted(place, error.message);
  }
}

// ---------------------------------------------------------------- bytes

const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const same = (one, other) => one.length === other.length && one.every((byte, n) => byte === other[n]);
const toHex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (...parts) => new Uint8Array(await subtle.digest("SHA-256", join(...parts)));

function fromHex(text) {
  insist(typeof text === "string" && /^([0-9a-f]{2})*$/.test(text), "not hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function fromBase64(text) {
  const raw = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  insist(btoa(String.fromCharCode(...raw)) === text, "another spelling of base64");
  return raw;
}

function bigEndian(number, count) {
  const raw = new Uint8Array(count);
  for (let n = count - 1, rest = BigInt(number); n >= 0; n -= 1, rest >>= 8n) raw[n] = Number(rest & 255n);
  return raw;
}

// RFC 8785 in Comity's profile: integers below 2^53, ASCII keys, 32 levels.
function toCanonical(value, depth = 0) {
  insist(depth <= 32, "deeper than 32 levels");
  if (Array.isArray(value)) return `[${value.map((one) => toCanonical(one, depth + 1)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.keys(value).sort().map((key) => {
      insist(/^[\0-\x7f]*$/.test(key), "a key that is not ASCII");
      return `${JSON.stringify(key)}:${toCanonical(value[key], depth + 1)}`;
    });
    return `{${parts.join(",")}}`;
  }
  insist(typeof value !== "number" || Number.isSafeInteger(value), "not an integer below 2^53");
  return JSON.stringify(value);
}

function fromCanonical(encoded) {
  const text = strict.decode(encoded);
  const value = JSON.parse(text);
  insist(toCanonical(value) === text, "not in canonical form");
  return value;
}

// ---------------------------------------------------------------- Ed25519 with one verdict

const PRIME = 2n ** 255n - 19n;
const ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const LOW_ORDER = new Set(
  [0n, 1n, ORDER_8, PRIME - ORDER_8, PRIME - 1n, PRIME, PRIME + 1n].flatMap((y) =>
    [0n, 1n].map((sign) => toHex(bigEndian(y | (sign << 255n), 32).reverse())),
  ),
);
const verdicts = new Map();

async function isSignature(key, message, signature) {
  const asked = `${toHex(key)} ${toHex(await sha256(message))} ${toHex(signature)}`;
  if (!verdicts.has(asked)) verdicts.set(asked, await isNewSignature(key, message, signature));
  return verdicts.get(asked);
}

async function isNewSignature(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (LOW_ORDER.has(toHex(key)) || LOW_ORDER.has(toHex(signature.slice(0, 32)))) return false;
  try {
    const known = await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await subtle.verify("Ed25519", known, signature, message);
  } catch {
    return false; // not a point of the curve
  }
}

// ---------------------------------------------------------------- notes and proofs

async function readKey(text, kind) {
  const [name, id, ...rest] = text.split("+");
  const raw = fromBase64(rest.join("+"));
  const short = (await sha256(utf8.encode(`${name}\n`), raw)).slice(0, 4);
  insist(raw.length === 33 && raw[0] === kind && toHex(short) === id, `not a key of type ${kind}`);
  insist(!LOW_ORDER.has(toHex(raw.slice(1))), "a point of low order is no key");
  return { name, kind, public: raw.slice(1), label: `${name} ${id}` };
}

function readNote(encoded) {
  const split = encoded.lastIndexOf("\n\n");
  const text = encoded.slice(0, split + 1);
  const said = text.split("\n");
  const tail = encoded.slice(split + 2).split("\n");
  insist(split > 0 && tail.pop() === "" && tail.length >= 1 && tail.length <= 64, "not a signed note");
  insist(said.pop() === "" && said.length >= 3 && !said.includes(""), "not a checkpoint");
  insist(!/[\0-\x09\x0b-\x1f]/.test(encoded), "a control character");
  insist(/^(0|[1-9][0-9]{0,15})$/.test(said[1]), "not a size");
  const root = fromBase64(said[2]);
  insist(root.length === 32, "not a root");
  const signatures = tail.map((line) => {
    const [, name, digits] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
    insist(name !== undefined, "not a signature line");
    const raw = fromBase64(digits);
    insist(raw.length >= 5, "a signature of no bytes");
    return { label: `${name} ${toHex(raw.slice(0, 4))}`, raw: raw.slice(4) };
  });
  return { text, origin: said[0], size: Number(said[1]), root, signatures };
}

async function checkNoteSignature(text, key, raw) {
  let [message, signature] = [utf8.encode(text), raw];
  if (key.kind === 4) {
    const seconds = raw.slice(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    insist(seconds > 0n && seconds <= 253402300799n, "a cosignature without a time");
    message = utf8.encode(`cosignature/v1\ntime ${seconds}\n${text}`);
    signature = raw.slice(8);
  }
  insist(await isSignature(key.public, message, signature), `the signature of ${key.name} does not verify`);
}

function readProof(encoded) {
  const split = encoded.indexOf("\n\n");
  const [header, index, ...lines] = encoded.slice(0, split).split("\n");
  insist(header === "c2sp.org/tlog-proof@v1" && /^index (0|[1-9][0-9]{0,15})$/.test(index), "not a tlog-proof");
  const path = lines.map(fromBase64);
  insist(path.every((hash) => hash.length === 32), "a hash has 32 bytes");
  return { index: Number(index.slice(6)), path, note: readNote(encoded.slice(split + 2)) };
}

// RFC 9162, section 2.1.3.2.
async function rootFromPath(leaf, index, size, path) {
  insist(Number.isSafeInteger(index) && index >= 0 && index < size, "the tree has no such leaf");
  let [node, left, last] = [leaf, index, size - 1];
  const rest = [...path];
  for (; last > 0; left = Math.floor(left / 2), last = Math.floor(last / 2)) {
    if (left % 2 === 0 && left === last) continue;
    insist(rest.length > 0, "the path is too short");
    const pair = left % 2 === 1 ? [rest.shift(), node] : [node, rest.shift()];
    node = await sha256([1], ...pair);
  }
  insist(rest.length === 0, "the path is too long");
  return node;
}

// ---------------------------------------------------------------- statements

async function openEnvelope(entry, keys) {
  const envelope = fromCanonical(entry);
  const { payload, payloadType, signatures } = envelope;
  insist(entry.length <= 65535 && payloadType === "application/vnd.in-toto+json", "not an envelope");
  insist(Array.isArray(signatures) && signatures.length >= 1 && signatures.length <= 16, "no signature");
  const raw = fromBase64(payload);
  const kind = utf8.encode(payloadType);
  const covered = join(utf8.encode(`DSSEv1 ${kind.length} `), kind, utf8.encode(` ${raw.length} `), raw);
  const known = signatures.filter((one) => keys.has(one.keyid));
  insist(known.length > 0, "no key of the member's keyset signed this statement");
  for (const one of known) {
    const good = await isSignature(keys.get(one.keyid), covered, fromBase64(one.sig));
    insist(good, "the signature on this statement does not verify");
  }
  const statement = fromCanonical(raw);
  insist(raw.length <= 32768 && statement._type === "https://in-toto.io/Statement/v1", "not a statement");
  insist(Array.isArray(statement.subject) && typeof statement.predicate === "object", "not a statement");
  const [, name] = /^https:\/\/comity\.example\/(.+)\/v1$/s.exec(statement.predicateType) ?? [];
  return { kind: name ?? statement.predicateType, said: statement.predicate, subject: statement.subject };
}

async function readMember(entry) {
  const { predicate } = fromCanonical(fromBase64(fromCanonical(entry).payload));
  const keys = new Map();
  for (const { keyid, ed25519 } of predicate.statement_keys) {
    const key = fromHex(ed25519);
    insist(toHex(await sha256(key)) === keyid && !LOW_ORDER.has(ed25519), "not a statement key");
    keys.set(keyid, key);
  }
  const { kind } = await openEnvelope(entry, keys);
  insist(kind === "keyset" && predicate.sequence === 0, "a log begins with its member's first keyset");
  if ("root" in predicate || "officers" in predicate) throw new Open("a member with a root or officers");
  return {
    id: toHex(await sha256(utf8.encode(toCanonical(predicate)))),
    name: predicate.name,
    role: predicate.role,
    log: await readKey(predicate.log_key, 1),
    witness: await readKey(predicate.witness_key, 4),
    keys,
  };
}

// ---------------------------------------------------------------- the file

function readFile(path) {
  try {
    const value = fromCanonical(readFileSync(path));
    insist(value.dossier === "comity/dossier/v1", "not a dossier");
    const rows = value.statements.map((row) => ({ ...row, entry: fromBase64(row.entry) }));
    insist(value.bundles.every((text) => typeof text === "string"), "not bundles");
    return { finding: value.finding, bundles: value.bundles, rows };
  } catch (error) {
    throw new Unreadable(error.message);
  }
}

async function membersOf(rows) {
  const members = new Map();
  for (const [n, row] of rows.entries())
    if (row.index === 0) members.set(row.log, await at(`statements[${n}].entry`, () => readMember(row.entry)));
  return members;
}

async function checkProof(row, member, known) {
  const { index, path, note } = readProof(row.proof);
  insist(index === row.index && note.origin === row.log, "the proof is of another entry or log");
  const root = await rootFromPath(await sha256([0], row.entry), index, note.size, path);
  insist(same(root, note.root), "the path leads to another root");
  for (const one of note.signatures) {
    insist(known.has(one.label), `nobody in this file has the key ${one.label}`);
    await checkNoteSignature(note.text, known.get(one.label), one.raw);
  }
  const signers = new Set(note.signatures.map((one) => one.label));
  insist(signers.has(member.log.label), "the log's own key did not sign this checkpoint");
  insist(!signers.has(member.witness.label), "its owner cosigned its own log");
  return { text: note.text, signers };
}

async function openDossier({ rows }, quorum) {
  const members = await membersOf(rows);
  const known = new Map([...members.values()].flatMap((one) => [one.log, one.witness].map((key) => [key.label, key])));
  const [statements, checkpoints, cosigners] = [[], new Map(), {}];
  for (const [n, row] of rows.entries()) {
    const member = members.get(row.log);
    await at(`statements[${n}].log`, () => insist(member?.log.name === row.log, "its keyset is not in this file"));
    await at(`statements[${n}].entry`, async () => insist(toHex(await sha256(row.entry)) === row.sha256, "another digest"));
    await at(`statements[${n}].proof`, async () => {
      const { text, signers } = await checkProof(row, member, known);
      insist((checkpoints.get(row.log) ?? text) === text, "two checkpoints of one log");
      checkpoints.set(row.log, text);
      const others = [...members.values()].filter((one) => !same(one.witness.public, member.witness.public));
      const who = others.filter((one) => signers.has(one.witness.label));
      const counted = quorum ? who : who.filter((one) => one.role === "regulator");
      const needed = quorum ?? others.filter((one) => one.role === "regulator").length;
      insist(counted.length >= needed && needed > 0, `${counted.length} cosignatures count, ${needed} must`);
      cosigners[row.log] = who.map((one) => one.name).sort();
    });
    const read = await at(`statements[${n}].entry`, () => openEnvelope(row.entry, member.keys));
    const { kind } = read;
    if (kind === "compromise" || (kind === "keyset" && row.index > 0)) throw new Open(`a later ${kind}`);
    statements.push({ ...read, member: member.id, log: row.log, index: row.index, sha256: row.sha256 });
  }
  return { statements, cosigners };
}

function find(statements, reference, kind) {
  const found = statements.find((one) =>
    one.kind === kind && ["log", "index", "sha256"].every((part) => one[part] === reference?.[part]));
  if (found === undefined) throw new Refuted("statements", `the ${kind} that is cited is not in this file`);
  return found;
}

// Returns how many questions were asked, those of tests this one goes on with included.
async function checkTest(dossier, statements, reference, depth = 0) {
  const finding = find(statements, reference, "finding");
  const plan = find(statements, finding.said.plan, "plan");
  await at("finding", () => insist(finding.member === plan.member && depth <= 32, "not by who planned it"));
  const before = plan.said.continues === null
    ? { tester: plan.member, number: 0, asked: 0, outcomes: new Map() }
    : await checkTest(dossier, statements, plan.said.continues, depth + 1);
  const bank = statements.find((one) =>
    one.kind === "bank" && one.member === before.tester && one.said.root === plan.said.bank_root);
  await at("plan.bank_root", () => insist(bank !== undefined, "the bank is not in this file"));
  const place = `bundles[${before.number}]`;
  const lines = await at(place, () => readBundle(dossier.bundles[before.number], plan.sha256));
  await at(place, () => checkTranscript(dossier.bundles[before.number], lines, finding.said, plan.sha256));
  for (const [n, { said }] of lines.entries()) {
    await at(`records[${n}].item`, () => checkItem(said, bank.said));
    const outcomes = before.outcomes.get(said.item.category) ?? [];
    before.outcomes.set(said.item.category, [...outcomes, said.passed]);
  }
  await at("finding.results", () => checkCounts(finding.said.results, before.outcomes));
  return { ...before, number: before.number + 1, asked: before.asked + lines.length };
}

function readBundle(text, plan) {
  insist(typeof text === "string" && text.endsWith("\n"), "no evidence in this file");
  const lines = text.slice(0, -1).split("\n").map((line) => ({ line, said: fromCanonical(utf8.encode(line)) }));
  const { said } = lines.shift();
  insist(said.bundle === "comity/evidence-bundle/v1" && said.plan === plan, "the evidence of another plan");
  return lines;
}

async function checkTranscript(text, lines, finding, plan) {
  insist(toHex(await sha256(utf8.encode(text))) === finding.bundle, "its bytes have another digest");
  let head = await sha256(utf8.encode("comity/transcript/v1\n"), fromHex(plan));
  for (const { line } of lines) head = await sha256(head, await sha256(utf8.encode(line)));
  insist(toHex(head) === finding.transcript, "the transcript is another");
}

async function checkItem(said, bank) {
  const { item, salt, path } = said;
  let start = 0;
  for (const one of bank.categories) {
    if (one.name === item.category) {
      insist(item.position >= start && item.position < start + one.count, "not of this category");
      const leaf = await sha256([0], utf8.encode(`comity/bank-item/v1\n${toCanonical(item)}`), fromHex(salt));
      const root = await rootFromPath(leaf, item.position, bank.size, path.map(fromHex));
      insist(toHex(root) === bank.root && fromHex(salt).length === 32, "this is not the committed item");
      return;
    }
    start += one.count;
  }
  throw new Error("the bank has no such category");
}

function checkCounts(results, outcomes) {
  for (const { category, asked, failed } of results) {
    const found = outcomes.get(category) ?? [];
    const count = [found.length, found.filter((passed) => passed !== true).length];
    insist(count[0] === asked && count[1] === failed, `${category}: ${count} asked and failed`);
  }
}

async function verify(path, quorum) {
  try {
    const dossier = readFile(path);
    const { statements, cosigners } = await openDossier(dossier, quorum);
    const { asked } = await checkTest(dossier, statements, dossier.finding);
    return { verdict: "verified", statements: statements.length, asked, cosigners };
  } catch (error) {
    if (error instanceof Open) return { verdict: "open", message: error.message };
    if (error instanceof Unreadable) return { verdict: "unreadable", message: error.message };
    if (error instanceof Refuted) return { verdict: "refuted", place: error.place, message: error.message };
    return { verdict: "refuted", place: "", message: `malformed: ${error.message}` };
  }
}

async function main(words) {
  if (words[0] === "--ed25519") {
    const said = [];
    for (const [key, message, signature] of JSON.parse(readFileSync(words[1], "utf8")))
      said.push(await isSignature(fromHex(key), fromHex(message), fromHex(signature)));
    console.log(JSON.stringify({ verdicts: said }));
    return;
  }
  const quorum = words[0] === "--quorum" ? Number(words.splice(0, 2)[1]) : undefined;
  const exits = { verified: 0, refuted: 1, unreadable: 2, open: 3 };
  for (const path of words) {
    const said = await verify(path, quorum);
    console.log(JSON.stringify(said));
    process.exitCode = Math.max(process.exitCode ?? 0, exits[said.verdict]);
  }
}

await main(process.argv.slice(2));
