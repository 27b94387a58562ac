const root = document.documentElement;
const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.getElementById("theme").addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; });
const proofs = () => [...document.querySelectorAll("details.proof")];
document.getElementById("fold").addEventListener("click", () => {
  const open = !proofs().some(proof => proof.open);
  proofs().forEach(proof => { proof.open = open; });
});
