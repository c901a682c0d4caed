/* A report on paper: the browser prints the page as it is laid out for A4. */

const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
