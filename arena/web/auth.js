// Auth mode only: who this browser is. The private key cannot be read out, not even by this page.
"use strict";

window.auth = (() => {
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const bytes = (text) => new TextEncoder().encode(text);
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error("This browser keeps nothing for this page: allow it to store data."));
  });
  let pair = null; // {publicKey, privateKey}, as they lie in the browser's own store

  async function keys() {
    const opening = indexedDB.open("arena", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    return (await done(opening)).transaction("keys", "readwrite").objectStore("keys");
  }
  async function make() {
    if (!crypto.subtle) {
      throw new Error("This server asks who you are, and browsers keep keys for safe addresses only: "
        + "open this page by https, or use the program arena.");
    }
    try {
      return await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    } catch {
      throw new Error("This browser has no Ed25519 keys: use a newer one, or the program arena.");
    }
  }
  async function identity(wanted) {
    pair = pair || await done((await keys()).get("identity"));
    if (!pair && wanted) {
      const made = await make(), store = await keys();
      await done(store.add(made, "identity")).catch(() => {}); // another tab may have been faster
      pair = await done((await keys()).get("identity"));
      if (!pair) throw new Error("This browser keeps no keys for this page: allow it to store data.");
    }
    return pair;
  }
  const publicKey = async () => hex(await crypto.subtle.exportKey("spki", pair.publicKey));

  const nav = document.querySelector(".links");
  const you = document.createElement("a");
  [you.href, you.textContent] = ["#/me", "You"];
  nav.append(" ", you);

  return {
    // The user's id; wanted: makes the identity when there is none, else that is "".
    user: async (wanted) => (await identity(wanted).catch((error) => { if (wanted) throw error; })
      ? hex(await crypto.subtle.digest("SHA-256", bytes(await publicKey()))) : ""),
    async sign(purpose) {
      const {privateKey} = await identity(true), timestamp = Date.now();
      const signature = await crypto.subtle.sign("Ed25519", privateKey, bytes(`arena:v1:${purpose}:${timestamp}`));
      return {publicKey: await publicKey(), signature: hex(signature), timestamp};
    },
    // The seat of this tab in a session, {seat, key}: another tab may have another one.
    keep: ({ChallengeID, sessionKey: key}, seat) =>
      sessionStorage.setItem("arena.seat." + ChallengeID, JSON.stringify({seat, key})),
    seat: (session) => JSON.parse(sessionStorage.getItem("arena.seat." + session)) || {},
  };
})();
