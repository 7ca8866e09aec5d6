// Independent implementations behind one door: a JSON object a line in, a JSON object a line out, in order.
// Usage: node peers.mjs FOLDER_OF_PUBLISHED_CONTEXTS FOLDER_OF_PUBLISHED_SCHEMAS
import {createHash, createPrivateKey, randomBytes, sign} from 'node:crypto';
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as selective from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';
import addFormats from 'ajv-formats';
import Ajv from 'ajv/dist/2019.js';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {SDJwtInstance} from '@sd-jwt/core';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {verifyCredential} from '@digitalcredentials/verifier-core';

// Standard output is for answers, and nothing here needs the network.
console.log = console.warn = console.error = () => {};
globalThis.fetch = async url => {
  throw new Error(`offline: ${url}`);
};

const [folder, schemas] = process.argv.slice(2);
const published = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
const contexts = new Map();
const OLD = 'Ed25519Signature2020';
const OLD_CONTEXT = 'https://w3id.org/security/suites/ed25519-2020/v1';
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

// Every document a library asks for: published contexts, did:key documents, did:web documents sent along.
function loader(documents = {}, old = false) {
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
      document = old ? {'@context': OLD_CONTEXT, ...method, type: 'Ed25519VerificationKey2020'} :
        {'@context': MULTIKEY, ...method};
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

function didKey(did) {
  const multibase = did.slice('did:key:'.length);
  const id = `${did}#${multibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY],
    id: did,
    verificationMethod: [{id, type: 'Multikey', controller: did, publicKeyMultibase: multibase}],
    assertionMethod: [id]
  };
}

const verifying = {
  'ecdsa-jcs-2019': ecdsaJcs.createVerifyCryptosuite,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-sd-2023': selective.createVerifyCryptosuite,
  'eddsa-jcs-2022': eddsaJcs.createVerifyCryptosuite,
  'eddsa-rdfc-2022': () => eddsaRdfc
};
const signing = {
  'ecdsa-jcs-2019': ecdsaJcs.createSignCryptosuite,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-sd-2023': selective.createSignCryptosuite,
  'eddsa-jcs-2022': eddsaJcs.createSignCryptosuite,
  'eddsa-rdfc-2022': () => eddsaRdfc
};

const validators = new Map();
function validator(types) {
  const name = types.includes('ClrCredential') ? 'clr-2.0/clr_v2p0_clrcredential_schema.json' :
    types.includes('EndorsementCredential') ? 'ob-3.0/ob_v3p0_endorsementcredential_schema.json' :
      'ob-3.0/ob_v3p0_achievementcredential_schema.json';
  if(!validators.has(name)) {
    const ajv = new Ajv({strict: false, allErrors: true});
    addFormats(ajv);
    validators.set(name, ajv.compile(JSON.parse(readFileSync(join(schemas, name), 'utf8'))));
  }
  return validators.get(name);
}

function es256(jwk) {
  const key = createPrivateKey({key: jwk, format: 'jwk'});
  return async data => sign('sha256', Buffer.from(data), {key, dsaEncoding: 'ieee-p1363'}).toString('base64url');
}

const verbs = {
  async 'digitalbazaar verify'({document, documents, now}) {
    const old = document.proof.type === OLD;
    const suite = old ? new Ed25519Signature2020() :
      new DataIntegrityProof({cryptosuite: verifying[document.proof.cryptosuite]()});
    const done = await vc.verifyCredential({
      credential: document, suite, documentLoader: loader(documents, old), now: new Date(now)
    });
    return {good: done.verified, why: done.verified ? null : told(done.error)};
  },
  async 'digitalbazaar issue'({document, key, method, suite, created, documents, mandatory}) {
    const kind = suite.startsWith('ecdsa') ? EcdsaMultikey : Ed25519Multikey;
    const pair = await kind.from({
      '@context': MULTIKEY, type: 'Multikey', id: method, controller: method.split('#')[0], ...key
    });
    const maker = suite === OLD ? new Ed25519Signature2020({signer: pair.signer(), date: created}) :
      new DataIntegrityProof({
        signer: pair.signer(), cryptosuite: signing[suite]({mandatoryPointers: mandatory ?? []}), date: created
      });
    return {document: await vc.issue({credential: document, suite: maker, documentLoader: loader(documents, suite === OLD)})};
  },
  async 'digitalbazaar derive'({document, documents, pointers}) {
    const suite = new DataIntegrityProof({
      cryptosuite: selective.createDiscloseCryptosuite({selectivePointers: pointers})
    });
    return {document: await vc.derive({verifiableCredential: document, suite, documentLoader: loader(documents)})};
  },
  async 'digitalcredentials verify'({document}) {
    const done = await verifyCredential({credential: document, knownDIDRegistries: []});
    const step = done.log?.find(entry => entry.id === 'valid_signature');
    return {good: step?.valid === true, why: step?.valid ? null : told(done.errors?.[0])};
  },
  async 'ajv validate'({document}) {
    const validate = validator(document.type);
    return {good: validate(document), why: validate.errors?.map(e => `${e.instancePath} ${e.message}`) ?? null};
  },
  async 'jose verify'({token, jwk, now}) {
    const done = await jose.jwtVerify(token, await jose.importJWK(jwk), {currentDate: new Date(now)});
    return {good: true, payload: done.payload};
  },
  async 'jose sign'({payload, header, jwk}) {
    const key = await jose.importJWK(jwk, header.alg);
    return {token: await new jose.SignJWT(payload).setProtectedHeader(header).sign(key)};
  },
  async 'sd-jwt issue'({claims, frame, header, jwk, holderJwk, binding, hash}) {
    const instance = new SDJwtInstance({
      signer: es256(jwk), signAlg: 'ES256', hashAlg: hash,
      kbSigner: es256(holderJwk), kbSignAlg: 'ES256',
      hasher: (data, name) => createHash(name.replace('-', '')).update(data).digest(),
      saltGenerator: length => randomBytes(length).toString('base64url')
    });
    const token = await instance.issue(claims, frame, {header});
    const shown = await instance.presentableKeys(token);
    const chosen = Object.fromEntries(shown.filter((_, at) => at % 2 === 0).map(key => [key, true]));
    const frameOf = nested(chosen);
    return {token, part: await instance.present(token, frameOf, {kb: {payload: binding}})};
  }
};

// {"a.b": true} as {a: {b: true}}
function nested(flat) {
  const made = {};
  for(const key of Object.keys(flat)) {
    const steps = key.split('.');
    let inner = made;
    steps.forEach((step, at) => {
      inner[step] = at === steps.length - 1 ? (inner[step] ?? true) : (inner[step] === true ? {} : inner[step] ?? {});
      inner = inner[step];
    });
  }
  return made;
}

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
