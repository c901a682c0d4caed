/* The admin's package leaves its landmarks without a role and a name; a screen reader needs both. */

window.addEventListener("load", () => {
  const page = document.getElementById("main") ?? document.getElementById("page");
  page?.setAttribute("role", "main");
  document.querySelectorAll("nav, [role=region]").forEach((part, place) => {
    const name = part.getAttribute("aria-label") ?? "Menu";
    part.setAttribute("aria-label", `${name} ${place + 1}`);
  });
});
