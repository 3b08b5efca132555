// What is scrolled by itself can be reached with the keyboard.
for (const element of document.querySelectorAll("pre, .table-wrapper, .wide, div.graphviz")) {
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
}
