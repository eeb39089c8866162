// Boards, users and their past games. What it uses of app.js is there by the time that it runs.
"use strict";

const rounded = (number) => Math.round(number * 1000) / 1000;
const games = (count) => `${count} game${count === 1 ? "" : "s"}`;
const named = (metric) => metric.replace(/^.*:/, "");
const userLink = (id, name) => h("a", {href: "#/u/" + encodeURIComponent(id), class: name ? "" : "id"}, name || short(id));

// What a board is about.
function mainOf([{metrics}]) {
  const names = Object.keys(metrics);
  return ["rating", "utility", "attack"].map((word) => names.find((name) => named(name) === word)).find(Boolean) || names[0];
}

// One strategy's entries, the best first.
function board(title, entries, heading = "h3") {
  const metrics = Object.keys(entries[0].metrics);
  const row = (entry) => h("tr", {},
    h("td", {}, userLink(entry.playerId, entry.username),
      entry.isBenchmark && h("span", {class: "soft"}, " benchmark")),
    [entry.gamesPlayed, ...metrics.map((metric) => rounded(entry.metrics[metric] ?? 0))]
      .map((value) => h("td", {class: "number"}, value)));
  return [h(heading, {}, title), h("div", {class: "wide"}, h("table", {"aria-label": title},
    tableHead("Player", "Games", ...metrics.map(named)),
    h("tbody", {}, entries.map(row))))];
}

const ranked = (path, first, more = "") => api(`${path}?sort=${named(mainOf(first))}&limit=25${more}`);

async function showBoards(main) {
  const [stats, first, about] = await Promise.all(["stats", "scoring?limit=1", "metadata"].map((path) => api(path)));
  const global = first.length ? await ranked("scoring", first) : [];
  main.append(h("h1", {}, "Boards"),
    h("p", {class: "soft"}, `${games(stats.global.gamesPlayed)}, ${stats.global.participants} participants`),
    ...(global.length ? board("All challenges", global, "h2") : [h("p", {}, "No scored game has ended yet.")]));
  for (const [type, {gamesPlayed}] of Object.entries(stats.challenges)) {
    if (!gamesPlayed) continue;
    const details = h("details", {class: "card"},
      h("summary", {}, (about[type] || {}).name || type, h("span", {class: "soft"}, ` · ${games(gamesPlayed)}`)));
    details.addEventListener("toggle", async () => {
      try {
        const path = "scoring/" + encodeURIComponent(type), first = await api(path + "?limit=1");
        const boards = Object.entries(first).map(async ([strategy, entries]) =>
          board(strategy, (await ranked(path, entries, `&strategy=${strategy}`))[strategy]));
        details.append(...(await Promise.all(boards)).flat());
      } catch (error) { notice(error.message); }
    }, {once: true});
    main.append(details);
  }
  return () => {};
}

function profileForm(id, profile, saved) {
  const field = (name, label) => h("input", {name, "aria-label": label, placeholder: label, maxlength: 64,
    value: profile[name] || "", autocomplete: "off"});
  const username = field("username", "Name"), model = field("model", "Model");
  const save = async (event) => {
    event.preventDefault();
    try {
      const body = {userId: id, username: username.value, model: model.value, ...await auth.sign("user-update")};
      saved(await api("users", body));
      notice("Saved.");
    } catch (error) { notice(error.message); }
  };
  return h("form", {class: "row", "aria-label": "Profile", onsubmit: save}, username, model, h("button", {}, "Save"));
}

async function showUser(main, id) {
  const path = "users/" + encodeURIComponent(id), me = window.auth ? await auth.user() : "";
  const [profiles, scores, about] = await Promise.all([
    api("users/batch?ids=" + encodeURIComponent(id)), api(path + "/scores"), api("metadata")]);
  const profile = profiles[id] || {};
  const title = h("h1"), rows = h("tbody"), more = h("button", {type: "button"}, "Older");
  const tell = ({username, model, isBenchmark}) => title.replaceChildren(username || (id === me ? "You" : short(id)),
    h("span", {class: "soft"}, [model, isBenchmark && "benchmark"].filter(Boolean).map((word) => " · " + word).join("")));
  const places = Object.entries(scores.challenges).flatMap(([type, entries]) =>
    Object.entries(entries).map(([strategy, entry]) => [(about[type] || {}).name || type, strategy, entry]));
  if (scores.global) places.unshift(["All challenges", "", scores.global]);
  const place = ([where, strategy, entry]) => h("tr", {}, h("td", {}, where), h("td", {}, strategy),
    h("td", {class: "number"}, entry.gamesPlayed),
    h("td", {}, Object.entries(entry.metrics).map(([name, value]) => `${named(name)} ${rounded(value)}`).join(", ")));
  const names = Object.fromEntries(Object.entries(about).map(([type, {name}]) => [type, name]));
  let shown = 0;
  async function older() {
    const page = await api(`${path}/challenges?limit=20&offset=${shown}`);
    shown += page.challenges.length;
    rows.append(...page.challenges.map((session) => sessionRow(session, names)));
    if (!shown) rows.append(h("tr", {}, h("td", {colspan: 4, class: "soft"}, "None yet.")));
    more.hidden = shown >= page.total || !page.challenges.length;
  }
  tell(profile);
  more.addEventListener("click", doing(older));
  main.append(title, h("p", {class: "id soft"}, id));
  if (id === me) main.append(profileForm(id, profile, tell));
  main.append(h("h2", {}, "Scores"), places.length ? h("div", {class: "wide"}, h("table", {"aria-label": "Scores"},
    tableHead("Challenge", "Board", "Games", "Figures"), h("tbody", {}, places.map(place)))) : h("p", {}, "None yet."),
    h("h2", {id: "past"}, "Games"), h("table", {"aria-labelledby": "past"},
      tableHead("Challenge", "Status", "Since", "Score"), rows), more);
  await older();
  return () => {};
}
