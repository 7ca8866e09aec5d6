// Independent implementations behind one door: a JSON object a line in, a JSON object a line out, in order.
// Usage: node peers.mjs FOLDER_OF_PUBLISHED_CONTEXTS
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {verifyCredential} from '@digitalcredentials/verifier-core';

// Standard output is for answers, and nothing here needs the network.
console.log = console.warn = console.error = () => {};
globalThis.fetch = async url => {
  throw new Error(`offline: ${url}`);
};

const folder = process.argv[2];
const published = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
const contexts = new Map();

// Every document a library asks for: published contexts, did:key documents, did:web documents sent along.
function loader(documents) {
  return async url => {
    if(url in published) {
      if(!contexts.has(url)) {
        contexts.set(url, JSON.parse(readFileSync(join(folder, published[url].file), 'utf8')));
      }
      return {contextUrl: null, documentUrl: url, document: contexts.get(url)};
    }
    const [did, fragment] = url.split('#');
    let document = documents[did];
    if(!document && did.startsWith('did:key:')) {
      document = didKey(did);
    }
    if(!document) {
      throw new Error(`not here: ${url}`);
    }
    if(fragment) {
      const method = document.verificationMethod.find(m => m.id === url);
      document = {'@context': 'https://w3id.org/security/multikey/v1', ...method};
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

function didKey(did) {
  const multibase = did.slice('did:key:'.length);
  const id = `${did}#${multibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{id, type: 'Multikey', controller: did, publicKeyMultibase: multibase}],
    assertionMethod: [id]
  };
}

const verifying = {
  'eddsa-rdfc-2022': () => rdfc,
  'eddsa-jcs-2022': createVerifyCryptosuite
};
const signing = {
  'eddsa-rdfc-2022': () => rdfc,
  'eddsa-jcs-2022': createSignCryptosuite
};

const verbs = {
  async 'digitalbazaar verify'({document, documents, now}) {
    const suite = new DataIntegrityProof({cryptosuite: verifying[document.proof.cryptosuite]()});
    const done = await vc.verifyCredential({
      credential: document, suite, documentLoader: loader(documents ?? {}), now: new Date(now)
    });
    return {good: done.verified, why: done.verified ? null : told(done.error)};
  },
  async 'digitalbazaar issue'({document, key, method, suite, created, documents}) {
    const pair = await Ed25519Multikey.from({
      '@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey', id: method,
      controller: method.split('#')[0], ...key
    });
    const maker = new DataIntegrityProof({
      signer: pair.signer(), cryptosuite: signing[suite](), date: created
    });
    const made = await vc.issue({credential: document, suite: maker, documentLoader: loader(documents ?? {})});
    return {document: made};
  },
  async 'digitalcredentials verify'({document}) {
    const done = await verifyCredential({credential: document, knownDIDRegistries: []});
    const step = done.log?.find(entry => entry.id === 'valid_signature');
    return {good: step?.valid === true, why: step?.valid ? null : told(done.errors?.[0])};
  }
};

function told(error) {
  const inner = error?.errors?.[0] ?? error?.stackTrace ?? error;
  return String(inner?.message ?? inner).slice(0, 300) + (inner?.details ? JSON.stringify(inner.details).slice(0, 300) : '');
}

for await (const line of createInterface({input: process.stdin})) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = await verbs[asked.verb](asked);
  } catch(error) {
    answer = {good: false, why: told(error)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
