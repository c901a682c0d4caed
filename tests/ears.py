"""Ears for a page: which clips were placed on its sound card, when, and whether anything sounds.

They listen at the browser's own audio graph, beneath our code; nothing of ours is replaced.
"""

import re
from typing import Any

from playwright.sync_api import Page

LISTEN = """
window.heard = [];
const from = new WeakMap();
const {arrayBuffer} = Response.prototype;
Response.prototype.arrayBuffer = async function () {
  const bytes = await arrayBuffer.call(this);
  from.set(bytes, this.url);
  return bytes;
};
const {decodeAudioData} = BaseAudioContext.prototype;
BaseAudioContext.prototype.decodeAudioData = async function (bytes) {
  const url = from.get(bytes);
  const clip = await decodeAudioData.call(this, bytes);
  from.set(clip, url);
  return clip;
};
const {start} = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (at) {
  heard.push({ url: from.get(this.buffer), at, seconds: this.buffer.duration });
  return start.call(this, at);
};
const {connect} = AudioNode.prototype;
AudioNode.prototype.connect = function (to, ...more) {
  if (to instanceof AudioDestinationNode) {
    window.ear = new AnalyserNode(this.context, { fftSize: 2048 });
    connect.call(this, window.ear);
  }
  return connect.call(this, to, ...more);
};
"""
LOUDEST = """() => {
  const samples = new Float32Array(ear.fftSize);
  ear.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs)) > 0.05;
}"""


def listen(page: Page) -> None:
    page.add_init_script(LISTEN)


def wait_for_state(page: Page, state: str) -> None:
    page.locator(f"html[data-sound={state}]").wait_for(state="attached", timeout=15_000)


def wait_for_sound(page: Page) -> None:
    """Wait until the samples that reach the sound card are those of a voice."""
    page.wait_for_function(LOUDEST, timeout=15_000)


def placed(page: Page) -> list[dict[str, Any]]:
    """Return the clips that were placed on the sound card: language, name, at, seconds."""
    clips = page.evaluate("heard")
    for clip in clips:
        clip["language"], clip["name"] = re.findall(r"/voice/(\w+)/([\w-]+)\.", clip["url"])[0]
    return clips


def names(page: Page) -> list[str]:
    return [f"{clip['language']} {clip['name']}" for clip in placed(page)]
