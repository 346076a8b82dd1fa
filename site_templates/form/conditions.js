// Conditions as revisit/records/conditions.py evaluates them, on the same trees. value(id) gives a number, a text, or null.
const compares = (sign, found, wanted) => {
  if (sign === "in") return wanted.some(one => compares("=", found, one));
  if (typeof found !== typeof wanted) return false;
  if (typeof found === "string") {
    const among = found.split(/\s+/).indexOf(wanted) >= 0;
    return sign === "=" ? among : sign === "!=" && !among;
  }
  return {
    "=": found === wanted, "!=": found !== wanted,
    "<": found < wanted, "<=": found <= wanted, ">": found > wanted, ">=": found >= wanted,
  }[sign];
};
const holds = (tree, value) => {
  const head = tree[0], rest = tree.slice(1), each = part => holds(part, value);
  if (head === "and") return rest.every(each);
  if (head === "or") return rest.some(each);
  if (head === "not") return !each(rest[0]);
  if (head === "answered") return value(rest[0]) !== null;
  const group = rest[0][0], test = found => found !== null && compares(head, found, rest[1]);
  const found = rest[0].slice(1).map(id => value(id));
  if (group === "mean") {
    const known = found.filter(one => typeof one === "number");
    return known.length > 0 && test(known.reduce((sum, one) => sum + one, 0) / known.length);
  }
  return group === "any" ? found.some(test) : found.every(test);
};
