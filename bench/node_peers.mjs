// The station of the npm peers: @digitalbazaar/vc and jsonld.js, with contexts, keys and status list at hand.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import jsonld from 'jsonld';

const material = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const {contexts, issuer, method} = material;
const multikey = {
  '@context': 'https://w3id.org/security/multikey/v1',
  id: method, type: 'Multikey', controller: issuer, publicKeyMultibase: material.public
};
const controller = {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: issuer, verificationMethod: [multikey], assertionMethod: [method]
};
const documents = {...contexts, [method]: multikey, [issuer]: controller};
const documentLoader = async url => {
  if(!(url in documents)) {
    throw new Error(`not at hand: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: documents[url]};
};
const key = await Ed25519Multikey.from({...multikey, secretKeyMultibase: material.secret});
const now = new Date(material.now);
const bits = gunzipSync(Buffer.from(material.encoded_list.slice(1), 'base64url'));
const checkStatus = async ({credential}) => {
  const index = Number(credential.credentialStatus.statusListIndex);
  return {verified: (bits[index >> 3] >> (7 - index % 8) & 1) === 0};
};
const signed = JSON.stringify(material.signed);

const works = {
  'issue @digitalbazaar/vc': async () => vc.issue({
    credential: structuredClone(material.unsigned), documentLoader, now,
    suite: new DataIntegrityProof({signer: key.signer(), cryptosuite, date: now})
  }),
  'verify @digitalbazaar/vc': async () => {
    const suite = new DataIntegrityProof({cryptosuite});
    const result = await vc.verifyCredential(
      {credential: JSON.parse(signed), suite, documentLoader, checkStatus, now});
    if(!result.verified) {
      throw result.error;
    }
  },
  'record canonical jsonld.js': async () => jsonld.canonize(
    material.record, {algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader})
};

const say = answer => process.stdout.write(`${JSON.stringify(answer)}\n`);
say({ready: Object.keys(works)});
for await (const line of createInterface({input: process.stdin})) {
  const {work, seconds} = JSON.parse(line);
  const started = process.cpuUsage();
  let done = 0, spent = 0;
  while(spent < seconds) {
    await works[work]();
    done++;
    const {user, system} = process.cpuUsage(started);
    spent = (user + system) / 1e6;
  }
  say({per_second: done / spent});
}
