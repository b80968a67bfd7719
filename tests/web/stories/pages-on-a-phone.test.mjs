// Every page on a phone of 390 px with a touch screen, in both themes.
import { tellPages } from "../support/pages.mjs";

tellPages(true);
