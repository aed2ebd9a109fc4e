/* How a series ends: what is typed says which way is meant, and the way that is chosen leaves the others empty. */
const form = document.querySelector("[data-rule]");
const ways = ["until", "count"];

form?.addEventListener("input", ({ target: { name, value } }) => {
  if (ways.includes(name) && value) form.elements.ends.value = name;
  if (name === "ends" || ways.includes(name)) {
    ways.filter((way) => way !== form.elements.ends.value).forEach((way) => { form.elements[way].value = ""; });
  }
});
