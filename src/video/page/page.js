// The live page: a tile a stream, its picture as fragmented MP4 through MediaSource (pictures one by one where there is
// none), and the events.
"use strict";

const token = new URLSearchParams(location.search).get("token");
const url = (path) => path + (token ? "?token=" + encodeURIComponent(token) : "");
const tiles = new Map();
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Appends what comes in and keeps the player within a moment of it.
async function play(video, path) {
  const answer = await fetch(url(path));
  if (!answer.ok) throw new Error(answer.status);
  const type = answer.headers.get("Content-Type");
  if (!MediaSource.isTypeSupported(type)) throw new Error("unsupported");
  const media = new MediaSource();
  const address = URL.createObjectURL(media);
  video.src = address;
  try {
    await new Promise((done) => media.addEventListener("sourceopen", done, { once: true }));
    const buffer = media.addSourceBuffer(type);
    const idle = () => buffer.updating && new Promise((done) => buffer.addEventListener("updateend", done, { once: true }));
    const reader = answer.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      await idle();
      buffer.appendBuffer(value);
      await idle();
      const ranges = buffer.buffered;
      if (!ranges.length) continue;
      const end = ranges.end(ranges.length - 1);
      const start = ranges.start(ranges.length - 1);
      if (video.currentTime < start || end - video.currentTime > 1) video.currentTime = Math.max(start, end - 0.1);
      if (video.paused) video.play().catch(() => {});
      if (end - ranges.start(0) > 30) {
        buffer.remove(0, end - 10);
        await idle();
      }
    }
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function show(tile, name) {
  const base = "api/streams/" + encodeURIComponent(name) + "/";
  if (!window.MediaSource) {
    const image = document.createElement("img");
    image.alt = name;
    image.src = url(base + "mjpeg");
    tile.querySelector("video").replaceWith(image);
    return;
  }
  for (;;) {
    try {
      await play(tile.querySelector("video"), base + "live.mp4");
    } catch (error) {
      tile.dataset.error = error.message;
    }
    await sleep(1000);
  }
}

function tileOf(name) {
  if (tiles.has(name)) return tiles.get(name);
  const tile = document.getElementById("stream").content.firstElementChild.cloneNode(true);
  tile.dataset.name = name;
  tile.querySelector("h2").textContent = name;
  tile.querySelector("video").setAttribute("aria-label", name);
  document.getElementById("streams").append(tile);
  tiles.set(name, tile);
  show(tile, name);
  return tile;
}

function showState(stream) {
  const tile = tileOf(stream.name);
  const live = stream.state === "live";
  tile.classList.toggle("live", live);
  tile.querySelector(".state").textContent = live ? "live" : `${stream.state} for ${Math.round(stream.seconds_in_state)} s`;
  const lost = tile.querySelector(".lost");
  lost.hidden = live;
  if (!live) tile.querySelector(".objects").replaceChildren();
  lost.textContent = `${stream.state}: ${stream.reason}`;
  tile.querySelector(".numbers").textContent =
    `${stream.fps.toFixed(1)} fps · latency ${Math.round(stream.latency_ms.p50)} ms (p99 ${Math.round(stream.latency_ms.p99)}) · ` +
    `${stream.dropped} dropped · ${stream.width}×${stream.height} ${stream.codec}`;
  tile.querySelector(".places").textContent =
    stream.places.map((p) => `${p.name}: ${p.in} in, ${p.out} out${"inside" in p ? `, ${p.inside} inside` : ""}`).join(" · ");
}

function showObjects(event) {
  if (!tiles.has(event.stream)) return; // tiles come in the order of the streams' list
  const list = tileOf(event.stream).querySelector(".objects");
  list.replaceChildren(...event.detections.map((d) => {
    const item = document.createElement("li");
    const number = "id" in d ? `#${d.id} ` : "";
    item.textContent = `${number}${d.label} ${d.score.toFixed(2)}`;
    item.title = d.box.map(Math.round).join(", ");
    return item;
  }));
}

function showEvent(event) {
  const words = {
    state: () => `${event.state} ${event.reason}`,
    crossing: () => `#${event.id} ${event.label}: ${event.kind} ${event.place}`,
    sink: () => `${event.sink} failed: ${event.reason}`,
  };
  const item = document.createElement("li");
  item.textContent = `${new Date(event.time).toLocaleTimeString()} ${event.stream}: ${words[event.event]()}`;
  const list = document.getElementById("events");
  list.prepend(item);
  while (list.children.length > 100) list.lastChild.remove();
}

function listen() {
  const events = new EventSource(url("api/events"));
  events.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.event) showEvent(event);
    else showObjects(event);
  };
}

async function poll() {
  const link = document.getElementById("link");
  for (;;) {
    try {
      const answer = await fetch(url("api/streams"));
      if (!answer.ok) throw new Error(answer.statusText || answer.status);
      (await answer.json()).forEach(showState);
      link.textContent = "";
    } catch (error) {
      link.textContent = `no answer: ${error.message}`;
    }
    await sleep(1000);
  }
}

listen();
poll();
