// Every page on a desk of 1440 px, in both themes. The pictures in output/pages are for people to look at.
import { pages, passing, routes, tellPages } from "../support/pages.mjs";
import { assert, story } from "../support/story.mjs";

tellPages(false);

story("No page of the application is left out of these stories", async () => {
  assert.ok(routes().length > 15, "the routes could be read");
  const covered = new Set([...pages.map(({ route }) => route), ...passing]);
  assert.deepEqual(
    routes().filter((route) => !covered.has(route)),
    [],
  );
});
