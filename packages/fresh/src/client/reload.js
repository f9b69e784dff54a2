// Reloads the page when the development server has restarted.
let first;
new EventSource(new URL("./alive", import.meta.url)).onmessage = ({ data }) => {
  first ??= data;
  if (first !== data) location.reload();
};
