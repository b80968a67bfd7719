-- Nothing to do here: SQLite's planner is given fixed numbers after every migration. The step keeps both engines' lists alike.
SELECT 1;
