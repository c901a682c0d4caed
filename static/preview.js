/* How long is a slip? Its frame is as high as what it shows, so that no line is cut off. */

function fit(frame) {
  const slip = frame.contentDocument?.querySelector(".slip");
  if (slip) frame.style.height = `${Math.ceil(slip.getBoundingClientRect().height) + 2}px`;
}

for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => fit(frame));
  fit(frame);
}
