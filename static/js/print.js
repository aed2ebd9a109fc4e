/* «Print» in the agenda leads here and says so: what is wanted is the paper. */
document.querySelector("[data-print]")?.addEventListener("click", () => print());
if (location.hash === "#print") print();
